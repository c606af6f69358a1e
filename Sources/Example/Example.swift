import DocVC

/// How a program embeds docvc: it edits a document, changes its mind, and saves.
///
/// usage: Example FOLDER PATH, for a work tree and a document in it
@main
enum Example {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { return print("usage: Example FOLDER PATH") }
        // What comes from outside is one value; tests give another.
        let world = World.real().moved(to: arguments[1])
        // Who acts, and by what way, stands in the revision.
        var overrides = Settings.Overrides()
        overrides.actor = "agent:example/1.0"
        overrides.source = "api"
        let workspace = try Workspace(in: world, overrides: overrides)
        let document = try workspace.document(arguments[2])

        // A draft: durable in the session's journal, not yet on disk.
        let title = try FieldPath(parsing: "title")
        var report = try workspace.edit(document, [.set(title, .guess("By an example"))])
        print("edited \(document), undo depth \(report.history.undoDepth)")
        report = try workspace.edit(document, [.set(title, .guess("A second thought"))])
        report = try workspace.undo(document)
        print("undid \(report.operation?.intent ?? "nothing")")

        // A commit: durable, with the revision's id in its trailers.
        var request = SaveRequest([document])
        request.message = "Edit the title"
        do throws(HistoryError) {
            let saved = try workspace.save(request)
            print("saved \(saved.revision.map { "\($0.id)" } ?? "nothing")")
        } catch {
            // Another program wrote meanwhile: merge, or ask somebody.
            guard case .diverged(let divergences) = error else { throw error }
            print("diverged: \(divergences.map(\.kind.rawValue))")
            request.onConflict = .merge
            print("merged \(try workspace.save(request).merged)")
        }
        if let session = try workspace.session(of: document) {
            for operation in session.operations {
                print("\(operation.sequence) \(operation.intent)")
            }
        }
    }
}
