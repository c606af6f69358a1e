public import Git
public import Platform
import SystemPackage

/// One work tree of a repository, as the place where documents are saved.
///
/// It is what an editor or a server embeds, and what the command line uses.
public struct Workspace: ~Copyable {
    /// The repository.
    public let repository: Repository
    /// The settings of docvc, flags and environment included.
    public let settings: Settings

    /// The events of what is done here.
    var outbox: EventOutbox

    /// Called between the steps of an edit or save, while the docvc lock is held: for progress, and
    /// for tests that let other writers in there. It must not call docvc itself.
    public var atStep: @Sendable (SaveStep) -> Void = { _ in }

    /// Opens the work tree that `world` stands in.
    public init(
        in world: World, overrides: Settings.Overrides = .init()
    ) throws(HistoryError) {
        let repository = try lifting { try Repository(in: world) }
        let settings = try Settings(of: repository, overrides)
        let hooks = try EventHooks(of: repository)
        let log = EventLog(
            in: repository.gitFolder.appending("docvc"), world: repository.world)
        self.settings = settings
        outbox = EventOutbox(log, hooks)
        self.repository = repository
    }

    var world: World { repository.world }
    var files: FileSystem { repository.world.files }

    /// docvc's state of this work tree: sessions, the intent of a save.
    var state: FilePath { repository.gitFolder.appending("docvc") }
    /// docvc's state of the repository: its lock.
    var sharedState: FilePath { repository.commonFolder.appending("docvc") }

    /// Where docvc's own files are written before they get their places. Only the holder of the
    /// docvc lock writes here, and a merge hook, in a folder that it locks; the next command
    /// removes what a kill left.
    var scratchFolder: FilePath { Workspace.scratchFolder(of: repository) }

    static func scratchFolder(of repository: borrowing Repository) -> FilePath {
        repository.gitFolder.appending("docvc").appending("scratch")
    }

    /// A file in the scratch folder; who writes it makes the folder.
    func scratch(_ name: String) -> FilePath { scratchFolder.appending(name) }

    /// The index that hooks see.
    var hookIndex: FilePath { state.appending("hook-index") }

    /// Where the document `path` lies.
    func location(of path: String) -> FilePath { repository.workTree.appending(path) }
}

/// The steps of an edit or save that others can come between.
public enum SaveStep: Sendable, Equatable {
    /// An edit was made of the text on disk; nothing is written yet.
    case edited
    /// The documents were read and compared.
    case planned
    /// Every object is on the disk; nothing names them yet.
    case objectsWritten
    /// The intent is on the disk.
    case intentWritten
    /// The document is about to be exchanged.
    case beforeExchange(String)
    /// The branch names the new commit.
    case branchMoved
    /// The notes name it.
    case notesMoved
}
