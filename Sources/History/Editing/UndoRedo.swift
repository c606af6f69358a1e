extension Workspace {
    /// Takes back the last `steps` operations of the draft of the document `path`.
    ///
    /// Throws `nothingToUndo` where fewer are kept; nothing was changed then.
    public func undo(
        _ path: String, steps: Int = 1, saving: DraftSaving? = nil
    ) throws(HistoryError) -> EditReport {
        try change(path, saving: saving) { (session, workspace) throws(HistoryError) in
            guard session.history.undoDepth >= steps else {
                try workspace.checkExistence(of: session)
                throw .nothingToUndo(path, available: session.history.undoDepth, asked: steps)
            }
            return ChangeOutcome(
                operation: try session.move(back: steps, Authorship(in: workspace)))
        }
    }

    /// Makes `steps` operations again that were undone.
    ///
    /// Throws `nothingToRedo` where fewer are undone; nothing was changed then.
    public func redo(
        _ path: String, steps: Int = 1, saving: DraftSaving? = nil
    ) throws(HistoryError) -> EditReport {
        try change(path, saving: saving) { (session, workspace) throws(HistoryError) in
            guard session.history.redoDepth >= steps else {
                try workspace.checkExistence(of: session)
                throw .nothingToRedo(path, available: session.history.redoDepth, asked: steps)
            }
            return ChangeOutcome(
                operation: try session.move(back: -steps, Authorship(in: workspace)))
        }
    }

    /// Throws `badPath` where there is no document and never was one here.
    private func checkExistence(of session: Session) throws(HistoryError) {
        if !session.isOnDisk, session.draft == nil { _ = try textOnDisk(session.path) }
    }

    /// How far undo and redo of the document `path` reach; also where it has no session.
    public func history(of path: String) throws(HistoryError) -> EditHistory {
        try session(of: path)?.history ?? .empty(in: self)
    }

    /// The session of the document `path` as it is now, with what other programs did to the
    /// document noted in it; nil where the document has none in this work tree.
    ///
    /// It is a snapshot: reading it takes no lock and changes nothing.
    public func session(of path: String) throws(HistoryError) -> Session? {
        try session(of: path, facts(of: path))
    }
}
