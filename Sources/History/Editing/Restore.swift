import Git
import Platform

extension Workspace {
    /// Makes the document `path`, as the revision or commit `name` has it, the draft; and saves
    /// it where `saving` is given.
    public func restore(
        _ path: String, from name: String, saving: DraftSaving? = nil
    ) throws(HistoryError) -> EditReport {
        let version = try version(of: path, in: name)
        let text = try smudged(version.entry, path)
        var saving = saving
        saving?.mode = version.entry.mode
        return try change(path, saving: saving) { (session, workspace) throws(HistoryError) in
            guard session.draft != text else { return ChangeOutcome() }
            return ChangeOutcome(
                operation: try session.perform(
                    .restore, "restore from \(name)", text, Authorship(in: workspace)))
        }
    }
}
