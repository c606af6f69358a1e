internal import Clibgit2
internal import Glibc

/// Merges one file that both sides changed, where libgit2 merges trees: docvc's merge driver, as
/// libgit2 calls it.
public struct FileMergeDriver: Sendable {
    /// The versions of a file.
    public struct Versions: Sendable {
        /// The path of the result: renamed where one side renamed it.
        public let path: String
        /// What both began with; nil where it was added on both sides.
        public let base: [UInt8]?
        /// Our text.
        public let ours: [UInt8]
        /// Their text.
        public let theirs: [UInt8]
        /// Whether the result is the base of another merge; then it has to be clean.
        public let isVirtual: Bool
    }

    /// What becomes of a file.
    public enum Answer: Sendable {
        /// This text.
        case merged([UInt8])
        /// A person has to decide.
        case conflict
        /// It is for Git's own merge.
        case passedOn
    }

    /// The name by which attributes choose the driver.
    public static let name = "docvc"

    private let merge: @Sendable (Versions) -> Answer

    /// The driver that libgit2's calls on this thread are for.
    @TaskLocal private static var current: FileMergeDriver?

    /// Makes a driver.
    public init(_ merge: @escaping @Sendable (Versions) -> Answer) { self.merge = merge }

    /// Calls `body` with the name by which libgit2 knows this driver meanwhile.
    func whileKnown<Result>(
        _ body: (UnsafePointer<CChar>) throws -> Result
    ) throws -> Result {
        try LibGit2.check("git_merge_driver_register", FileMergeDriver.registration)
        return try FileMergeDriver.$current.withValue(self) {
            unsafe try FileMergeDriver.name.withCString { unsafe try body($0) }
        }
    }

    /// Tells libgit2 of the driver, once a process; the record stays with the library.
    private static let registration: Int32 = {
        let record = UnsafeMutablePointer<git_merge_driver>.allocate(capacity: 1)
        unsafe record.initialize(
            to: git_merge_driver(
                version: UInt32(GIT_MERGE_DRIVER_VERSION), initialize: nil, shutdown: nil,
                apply: { _, path, mode, merged, _, source in
                    guard let path = unsafe path, let mode = unsafe mode,
                        let merged = unsafe merged, let source = unsafe source,
                        let call = unsafe Call(source)
                    else { return GIT_PASSTHROUGH.rawValue }
                    return unsafe call.answer(path, mode, merged)
                }))
        return unsafe git_merge_driver_register(name, record)
    }()

    /// One call of libgit2's.
    @safe private struct Call {
        let driver: FileMergeDriver
        let versions: Versions
        /// The side whose path is the result's.
        let named: git_index_entry
        let mode: UInt32

        /// Reads what is to be merged; nil where no driver is asked, or a text cannot be read.
        init?(_ source: OpaquePointer) {
            guard let driver = FileMergeDriver.current,
                let repository = unsafe git_merge_driver_source_repo(source),
                let ours = unsafe git_merge_driver_source_ours(source)?.pointee,
                let theirs = unsafe git_merge_driver_source_theirs(source)?.pointee,
                let ourText = unsafe Call.text(of: ours, in: repository),
                let theirText = unsafe Call.text(of: theirs, in: repository)
            else { return nil }
            self.driver = driver
            var named = unsafe ours
            var mode = unsafe ours.mode
            var baseText: [UInt8]?
            if let base = unsafe git_merge_driver_source_ancestor(source)?.pointee {
                guard let text = unsafe Call.text(of: base, in: repository) else { return nil }
                baseText = text
                if unsafe strcmp(base.path, ours.path) == 0 { unsafe named = unsafe theirs }
                if unsafe base.mode == ours.mode { mode = unsafe theirs.mode }
            }
            unsafe self.named = unsafe named
            self.mode = mode
            let options = unsafe git_merge_driver_source_file_options(source)
            let flags = unsafe options?.pointee.flags ?? 0
            versions = Versions(
                path: unsafe String(cString: named.path), base: baseText, ours: ourText,
                theirs: theirText,
                isVirtual: flags & UInt32(GIT_MERGE_FILE_ACCEPT_CONFLICTS.rawValue) != 0)
        }

        private static func text(
            of entry: git_index_entry, in repository: OpaquePointer
        ) -> [UInt8]? {
            var id = unsafe entry.id
            var blob: OpaquePointer?
            guard unsafe git_blob_lookup(&blob, repository, &id) == 0 else {
                git_error_clear()
                return nil
            }
            defer { unsafe git_blob_free(blob) }
            return unsafe [UInt8](
                UnsafeRawBufferPointer(
                    start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
        }

        /// Gives libgit2 the text. It takes that of a clean merge only: a conflict's is dropped.
        func answer(
            _ path: UnsafeMutablePointer<UnsafePointer<CChar>?>,
            _ mode: UnsafeMutablePointer<UInt32>, _ merged: UnsafeMutablePointer<git_buf>
        ) -> Int32 {
            switch driver.merge(versions) {
            case .passedOn: return GIT_PASSTHROUGH.rawValue
            case .conflict: return GIT_EMERGECONFLICT.rawValue
            case .merged(let bytes):
                unsafe path.pointee = unsafe named.path
                unsafe mode.pointee = self.mode
                return unsafe bytes.withUnsafeBytes {
                    unsafe git_buf_set(merged, $0.baseAddress, $0.count)
                }
            }
        }
    }
}
