import Git
import Merging
import Platform
import SystemPackage

/// What a merge of a draft with another text came to.
struct MergedText {
    let bytes: [UInt8]
    /// How many conflicts are in it.
    let conflicts: Int
}

extension Workspace {
    /// Merges the draft of `session` with what the document became meanwhile, on disk and in
    /// HEAD, and notes the result as the draft; returns the number of conflicts in it.
    ///
    /// The disk comes first. HEAD's version is merged too where the disk does not have it: by
    /// the rules of a merge what the disk has of it already changes nothing.
    func mergeMeanwhile(
        _ session: inout Session, by choice: ConflictChoice
    ) throws(HistoryError) -> Int {
        let path = session.path
        let facts = try facts(of: path)
        let baseline = session.state.baseline
        guard let draft = session.draft, let disk = facts.disk.text else {
            throw .badPath(path, .missing)
        }
        var merged = MergedText(bytes: draft, conflicts: 0)
        if disk != baseline.text {
            merged = try merge(
                path, base: baseline.text ?? [], ours: merged.bytes, theirs: disk,
                theirName: "disk",
                by: choice)
        }
        if merged.conflicts == 0, let head = facts.head, head.id != baseline.head?.id,
            try cleanID(of: disk, path) != head.id
        {
            let base = try baseline.head.map { (entry) throws(HistoryError) in
                try smudged(entry, path)
            }
            merged = try merge(
                path, base: base ?? [], ours: merged.bytes, theirs: smudged(head, path),
                theirName: "HEAD", by: choice)
        }
        if merged.bytes != draft {
            try session.perform(
                .merge, "merge with what others wrote", merged.bytes,
                Authorship(in: self, source: .merge))
        }
        try session.rebase(.init(text: disk, head: facts.head))
        try session.write(in: self)
        return merged.conflicts
    }

    /// Merges `ours`, the draft, with `theirs`.
    func merge(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8], theirName: String,
        by choice: ConflictChoice
    ) throws(HistoryError) -> MergedText {
        if choice == .hook {
            return try mergeByHook(path, base: base, ours: ours, theirs: theirs)
        }
        let options = try mergeOptions(
            labels: .init(ours: "draft", base: "baseline", theirs: theirName))
        let result = DocumentMerge(options).merge(base: base, ours: ours, theirs: theirs)
        if result.conflicts.contains(where: { $0.reason == .binary }) { throw .notText(path) }
        return MergedText(bytes: result.bytes, conflicts: result.conflicts.count)
    }

    /// How documents are merged here: as Git's configuration says.
    func mergeOptions(labels: MergeOptions.Labels) throws(HistoryError) -> MergeOptions {
        let style = try lifting { try repository.configuration.string("merge.conflictstyle") }
        return MergeOptions(
            style: style.flatMap { MergeOptions.Style(rawValue: $0) } ?? .merge, labels: labels)
    }

    /// Lets the program in `docvc.mergeHook` merge: it gets the names of three files, the size
    /// of markers and the document's path, as a merge driver of Git's gets `%O %A %B %L %P`,
    /// leaves the result in the second, and exits with 0, or up to 128 for conflicts.
    private func mergeByHook(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8]
    ) throws(HistoryError) -> MergedText {
        let command = try lifting { try repository.configuration.string("docvc.mergehook") }
        guard let command, !command.isEmpty else {
            throw .badValue(
                name: "docvc.mergeHook", value: "", expected: "the program that is to merge")
        }
        let folder = state.appending("merge-\(ULID(in: world))")
        return try lifting {
            try files.makeFolders(folder)
            defer { try? files.removeTree(folder) }
            let names = ["base", "ours", "theirs"].map { folder.appending($0) }
            for (name, bytes) in zip(names, [base, ours, theirs]) {
                try files.create(name).write(bytes)
            }
            var program = Program(
                ["/bin/sh", "-c", command + " \"$@\"", command] + names.map(\.string)
                    + [String(ConflictMarkers.size), path],
                environment: world.environment, folder: repository.workTree)
            program.timeLimit = .seconds(60)
            let result = try program.run()
            guard result.status <= 128 else {
                throw HistoryError.hookFailed("docvc.mergeHook", status: result.status)
            }
            let bytes = try files.read(names[1])
            return MergedText(bytes: bytes, conflicts: result.status == 0 ? 0 : 1)
        }
    }
}
