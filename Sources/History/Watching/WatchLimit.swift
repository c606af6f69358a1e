import Platform
import SystemPackage

extension Inotify {
    /// Says which setting of the system is in the way where one is.
    static func limited<Value: ~Copyable>(
        _ body: () throws(FileError) -> Value
    ) throws(HistoryError) -> Value {
        do throws(FileError) {
            return try body()
        } catch {
            switch error.errno {
            case .noSpace: throw .watchLimit(setting: "fs.inotify.max_user_watches")
            case .tooManyOpenFiles: throw .watchLimit(setting: "fs.inotify.max_user_instances")
            default: throw .file(error)
            }
        }
    }
}
