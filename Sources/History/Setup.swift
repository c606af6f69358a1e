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
            [Setting(name: "notes.rewriteRef", value: RevisionNote.reference, isList: true)]
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

    /// Sets up what is missing and returns it; what is there already stays.
    public func setUp() throws(HistoryError) -> [SetupPart] {
        let access = try ExclusiveAccess(to: self)
        let missing = try missingSetup()
        try lifting {
            for part in missing {
                for setting in part.settings where try !has(setting) {
                    try repository.addLocalConfiguration(
                        setting.name, value: setting.value, timeout: settings.lockTimeout)
                }
            }
        }
        if missing.contains(.preCommitHook) { try lifting { try installCheckHook() } }
        // Last: once documents have the attribute, Git needs the driver.
        if missing.contains(.mergeAttributes) { try addAttributes() }
        _ = access.recovered
        return missing
    }

    /// Takes back what `setUp` did and returns it.
    public func tearDown() throws(HistoryError) -> [SetupPart] {
        let access = try ExclusiveAccess(to: self)
        var removed: [SetupPart] = []
        if try removeAttributes() { removed.append(.mergeAttributes) }
        // A hook that somebody wrote or changed is theirs.
        if try lifting({ try !lacksCheckHook() && removeCheckHook() }) {
            removed.append(.preCommitHook)
        }
        try lifting {
            for part in SetupPart.allCases {
                var isThere = false
                for setting in part.settings
                where try repository.localConfiguration(setting.name, has: setting.value) {
                    try repository.removeLocalConfiguration(
                        setting.name, value: setting.value, timeout: settings.lockTimeout)
                    isThere = true
                }
                if isThere { removed.append(part) }
            }
        }
        _ = access.recovered
        return SetupPart.allCases.filter(removed.contains)
    }

    private func has(_ setting: Setting) throws(RepositoryError) -> Bool {
        let values = try repository.localConfiguration(setting.name)
        return setting.isList ? values.contains(setting.value) : !values.isEmpty
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

    private func addAttributes() throws(HistoryError) {
        var text = try attributes()
        let ending: [UInt8] = AttributeLines(text).usesCarriageReturns ? [13, 10] : [10]
        if let last = text.last, last != 10 { text += ending }
        for line in try missingAttributes() { text += Array(line.utf8) + ending }
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
        let rest = kept.flatMap(\.0)
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
        // Not beside it: what a kill leaves would lie in the work tree.
        let temporary = scratch("attributes")
        try lifting {
            try files.makeFolders(scratchFolder)
            try files.remove(temporary)
            let file = try files.create(temporary, permissions: 0o666)
            do {
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
            try files.syncFolder(repository.workTree)
        }
    }
}

/// The lines of `.gitattributes`.
private struct AttributeLines {
    /// With their endings.
    let whole: [ArraySlice<UInt8>]
    /// Without white space at both ends.
    let trimmed: [String]
    let usesCarriageReturns: Bool

    init(_ text: [UInt8]) {
        var whole: [ArraySlice<UInt8>] = []
        var rest = text[...]
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
