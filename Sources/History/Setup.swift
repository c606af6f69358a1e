import Git
import Platform
import SystemPackage

/// What `init` sets up in a repository, part by part.
public enum SetupPart: String, Sendable, CaseIterable {
    /// `git rebase` and `git commit --amend` take the notes along.
    case notesRewriting = "notes-rewriting"
    /// Git calls docvc to merge the documents that have the attribute.
    case mergeDriver = "merge-driver"
    /// Markdown documents have the attribute.
    case mergeAttributes = "merge-attributes"
    /// `git commit` runs the check of what is staged.
    case preCommitHook = "pre-commit-hook"

    /// What the part is for.
    public var purpose: String {
        switch self {
        case .notesRewriting: "git rebase and git commit --amend keep the notes on revisions"
        case .mergeDriver: "git merge, rebase, cherry-pick and stash can merge by key"
        case .mergeAttributes: "they do so for the documents that .gitattributes names"
        case .preCommitHook: "git commit checks what is staged; a hook that was there runs first"
        }
    }

    /// The settings that belong to it.
    fileprivate var settings: [Setting] {
        switch self {
        case .notesRewriting:
            // A pattern: of a name Git complains at each rebase until there are notes.
            [
                Setting(
                    name: "notes.rewriteRef", value: RevisionNote.reference + "*", isList: true,
                    former: RevisionNote.reference)
            ]
        case .mergeDriver: MergeDriver.settings
        case .mergeAttributes, .preCommitHook: []
        }
    }
}

/// A setting of the repository's own configuration.
private struct Setting {
    let name: String
    let value: String
    /// Whether other values may stand beside it; of all other settings, what is there stays.
    var isList = false
    /// What earlier versions of docvc set; it gives way.
    var former: String?
}

/// The merge driver as Git knows it.
private enum MergeDriver {
    static let settings = [
        Setting(name: "merge.docvc.name", value: "docvc: documents by key and structure"),
        Setting(name: "merge.docvc.driver", value: command("")),
        Setting(name: "merge.docvc.recursive", value: "docvc-virtual"),
        Setting(name: "merge.docvc-virtual.name", value: "docvc: bases of criss-cross merges"),
        Setting(name: "merge.docvc-virtual.driver", value: command("--virtual ")),
    ]

    /// The line that Git's shell runs. Where docvc is not in `PATH` (the shell says so, and its
    /// status is 127) Git's own merge does the work: a driver that fails without writing leaves
    /// ours there without a mark.
    private static func command(_ option: String) -> String {
        "docvc merge-driver \(option)-- %O %A %B %L %P %S %X %Y; s=$?; test $s -ne 127 || "
            + "{ git merge-file -q --marker-size=%L %A %O %B; s=$?; }; exit $s"
    }

    /// The lines of `.gitattributes`.
    static let attributes = ["*.md merge=docvc", "*.markdown merge=docvc"]
}

/// What `setUp` or `tearDown` did.
public struct SetupReport: Sendable {
    /// The parts that were set up, or removed.
    public internal(set) var parts: [SetupPart] = []
    /// The hook that was left as it is; nil where none was in the way.
    public internal(set) var left: HookLeft?
}

extension Workspace {
    /// The parts of the setup that are missing.
    public func missingSetup() throws(HistoryError) -> [SetupPart] {
        try lifting {
            try SetupPart.allCases.filter { part in
                switch part {
                case .mergeAttributes: try !missingAttributes().isEmpty
                case .preCommitHook: try lacksCheckHook()
                case .notesRewriting, .mergeDriver: try part.settings.contains { try !has($0) }
                }
            }
        }
    }

    /// Sets up what is missing; what is there already stays, and a hook that is in the way is
    /// reported.
    public func setUp() throws(HistoryError) -> SetupReport {
        let access = try ExclusiveAccess(to: self)
        var report = SetupReport(parts: try missingSetup())
        try lifting {
            for setting in report.parts.flatMap(\.settings) {
                if try !holds(setting) {
                    try repository.addLocalConfiguration(
                        setting.name, value: setting.value, timeout: settings.lockTimeout)
                }
                if let former = setting.former { try remove(setting.name, former) }
            }
            if report.parts.contains(.preCommitHook) {
                report.left = try installCheckHook()
                if report.left != nil { report.parts.removeAll { $0 == .preCommitHook } }
            }
        }
        // Last: once documents have the attribute, Git needs the driver.
        if report.parts.contains(.mergeAttributes) { try addAttributes() }
        _ = access.recovered
        return report
    }

    /// Takes back what `setUp` did; a hook that is not as it was installed stays, and is
    /// reported.
    public func tearDown() throws(HistoryError) -> SetupReport {
        let access = try ExclusiveAccess(to: self)
        var removed: [SetupPart] = []
        if try removeAttributes() { removed.append(.mergeAttributes) }
        let left = try lifting {
            if try removeCheckHook() { removed.append(.preCommitHook) }
            return try changedHook()
        }
        try lifting {
            for part in SetupPart.allCases {
                for setting in part.settings {
                    for value in [setting.value, setting.former].compactMap({ $0 })
                    where try remove(setting.name, value) && !removed.contains(part) {
                        removed.append(part)
                    }
                }
            }
        }
        _ = access.recovered
        return SetupReport(parts: SetupPart.allCases.filter(removed.contains), left: left)
    }

    /// Whether a part has nothing to do for a setting.
    private func has(_ setting: Setting) throws(RepositoryError) -> Bool {
        if let former = setting.former,
            try repository.localConfiguration(setting.name, has: former)
        {
            return false
        }
        return try holds(setting)
    }

    private func holds(_ setting: Setting) throws(RepositoryError) -> Bool {
        let values = try repository.localConfiguration(setting.name)
        return setting.isList ? values.contains(setting.value) : !values.isEmpty
    }

    /// Removes a value; false where it is not there.
    @discardableResult
    private func remove(_ name: String, _ value: String) throws(RepositoryError) -> Bool {
        guard try repository.localConfiguration(name, has: value) else { return false }
        try repository.removeLocalConfiguration(
            name, value: value, timeout: settings.lockTimeout)
        return true
    }

    // MARK: Attributes

    /// The tracked file of attributes, at the work tree's top.
    private var attributesFile: FilePath { repository.workTree.appending(".gitattributes") }

    /// Its text; empty when there is none.
    private func attributes() throws(HistoryError) -> [UInt8] {
        try lifting {
            switch try files.status(of: attributesFile)?.kind {
            case nil: return []
            case .file: return try files.read(attributesFile)
            default: throw HistoryError.badState("'.gitattributes' is not a plain file")
            }
        }
    }

    private func missingAttributes() throws(HistoryError) -> [String] {
        let lines = Set(AttributeLines(try attributes()).trimmed)
        return MergeDriver.attributes.filter { !lines.contains($0) }
    }

    /// Adds the lines at the top, where what is there already has the last word.
    private func addAttributes() throws(HistoryError) {
        var text = try attributes()
        let lines = AttributeLines(text)
        let ending: [UInt8] = lines.usesCarriageReturns ? [13, 10] : [10]
        let added = try missingAttributes().flatMap { Array($0.utf8) + ending }
        text.insert(contentsOf: added, at: lines.mark.count)
        try replaceAttributes(with: text)
    }

    /// Takes out the lines that `setUp` adds; false where none is there.
    private func removeAttributes() throws(HistoryError) -> Bool {
        let text = try attributes()
        let lines = AttributeLines(text)
        let kept = zip(lines.whole, lines.trimmed).filter {
            !MergeDriver.attributes.contains($0.1)
        }
        guard kept.count < lines.whole.count else { return false }
        let rest = lines.mark + kept.flatMap(\.0)
        if rest.isEmpty {
            try lifting {
                try files.remove(attributesFile)
                try files.syncFolder(repository.workTree)
            }
        } else {
            try replaceAttributes(with: rest)
        }
        return true
    }

    private func replaceAttributes(with text: [UInt8]) throws(HistoryError) {
        try lifting {
            try files.makeFolders(scratchFolder)
            do throws(FileError) {
                try replaceAttributes(with: text, by: scratch("attributes"))
            } catch  where error.errno == .improperLink {
                // A linked work tree may be on another file system than Git's folder. What a kill
                // leaves beside the file, the next `init` or `deinit` writes anew.
                let temporary = repository.workTree.appending(".docvc-attributes.tmp")
                try replaceAttributes(with: text, by: temporary)
            }
            try files.syncFolder(repository.workTree)
        }
    }

    private func replaceAttributes(
        with text: [UInt8], by temporary: FilePath
    ) throws(FileError) {
        try files.remove(temporary)
        let file = try files.create(temporary, permissions: 0o666)
        do throws(FileError) {
            try file.write(text)
            if try files.status(of: attributesFile) != nil {
                try file.copyMetadata(from: files.open(attributesFile))
            }
            try file.sync()
            try files.rename(temporary, to: attributesFile)
        } catch {
            _ = try? files.remove(temporary)
            throw error
        }
    }
}

/// The lines of `.gitattributes`.
private struct AttributeLines {
    /// The byte order mark before them, which Git passes over.
    let mark: [UInt8]
    /// With their endings.
    let whole: [ArraySlice<UInt8>]
    /// Without white space at both ends.
    let trimmed: [String]
    let usesCarriageReturns: Bool

    init(_ text: [UInt8]) {
        var whole: [ArraySlice<UInt8>] = []
        mark = text.starts(with: "\u{feff}".utf8) ? Array(text.prefix(3)) : []
        var rest = text.dropFirst(mark.count)
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            whole.append(rest[..<end])
            rest = rest[end...]
        }
        self.whole = whole
        trimmed = whole.map { line in
            String(decoding: line, as: UTF8.self).split { $0 == " " || $0.isNewline || $0 == "\t" }
                .joined(separator: " ")
        }
        usesCarriageReturns = whole.first.map { $0.dropLast().last == 13 } ?? false
    }
}
