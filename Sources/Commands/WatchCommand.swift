import ArgumentParser
import Git
import Glibc
import History
import Platform

/// `docvc watch`
struct WatchCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Journal what any program writes to documents, with checkpoints.",
        discussion: """
            Runs until it is stopped (SIGINT, SIGTERM, SIGHUP), takes a last checkpoint and \
            exits 0. What is written to a document becomes an operation that `docvc undo` \
            takes back; nothing is committed. Without a path: every Markdown document of the \
            work tree that is not ignored; of a folder, those in it.

            A document is read when its writer has closed it, or it has been quiet for a \
            moment. Checkpoints are taken as docvc.checkpoint.interval, .bytes and \
            .operations say. Other docvc commands work meanwhile.

            With --json, each event is printed as a line, as `docvc events --follow` does.
            """)

    @Argument(help: .init("Documents and folders.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        // Before anything is read: a signal from here on ends the watch, and not the process.
        let signals = try Signals([SIGINT, SIGTERM, SIGHUP])
        var workspace = try context.with(source: .watch).workspace()
        let output = context.output
        if output.isJSON { workspace.onEvent = { try? output.raw($0) } }
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        var watcher = try workspace.watcher(of: documents)
        do {
            let count = watcher.folderCount
            try output.progress(
                "watching \(count) folder\(count == 1 ? "" : "s"); stop with Ctrl-C")
            while true {
                for news in try watcher.step(in: workspace) { try output.tell(news) }
                let ready = Readiness.wait(
                    for: [signals.descriptor, watcher.descriptor], output: output.descriptor,
                    atMost: watcher.nextStep - .now)
                if ready[0] || ready[2] { break }
            }
        } catch is BrokenPipe {
            // Nobody reads any more; the last checkpoint is taken all the same.
        }
        let last = try watcher.finish(in: workspace)
        // Until here a second signal must not end the process.
        _ = consume signals
        for news in last { try output.tell(news) }
        return .done
    }
}

extension Output {
    /// What the watcher did, for people.
    fileprivate func tell(_ news: DocumentWatcher.News) throws {
        switch news {
        case .observed(let seen):
            if let operation = seen.operation {
                let mark = seen.checkpoint.map { "; checkpoint \($0.short)" } ?? ""
                try line(
                    "\(seen.path): \(operation.intent), operation \(operation.sequence)\(mark)")
            } else if let tree = seen.checkpoint {
                try line("\(seen.path): checkpoint \(tree.short)")
            }
            if let divergence = seen.divergence {
                try warning(
                    "'\(seen.path)' was changed by another program (\(divergence.kind.rawValue))"
                        + " while its draft is unsaved; `docvc save` will ask what to do")
            }
        case .checkpointed(let report):
            if let tree = report.tree { try line("\(report.path): checkpoint \(tree.short)") }
        case .lostNotices:
            try warning("too much happened at once; every document was looked at again")
        case .failed(let path, let error):
            try warning("\(path.isEmpty ? "" : "'\(path)': ")\(ErrorWriter().report(error).reason)")
        }
    }

    /// A line for people on standard error, whatever the answer's form.
    func progress(_ text: String) throws { try warning(text) }
}
