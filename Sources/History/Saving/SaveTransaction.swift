import Git
import Platform

/// One save on its way: the order of its steps is what makes it durable and whole.
///
/// Objects first, durable before anything names them; then the intent; then the disk; then the
/// branch, which is the commit point; then notes, index and sessions. A failure before the
/// commit point takes everything back; a kill is mended by the next command (`recover`).
struct SaveTransaction {
    var request: SaveRequest
    let author: Signature
    let committer: Signature
    var report = SaveReport()
    /// The documents' sessions, where they are known.
    var sessions: [String: Session] = [:]
    var resolutions: [RevisionNote.Resolution] = []
    /// How often the pre-commit hook changed documents on disk that it did not stage.
    var hookChanges = 0
    /// HEAD's versions when the save began: what it is about to replace.
    private var baselines: [String: Repository.TreeEntry?] = [:]
    /// The texts that were kept already, by document.
    private var kept: [String: Set<[UInt8]>] = [:]

    /// How often other programs may come between before the save gives up; it goes on at least
    /// as long as a lock is waited for.
    private static let attempts = 100

    /// Another program came between; the save starts again from what is there now.
    enum Restart: Error { case headMoved, diskChanged, indexChanged }

    init(_ request: SaveRequest, author: Signature, committer: Signature) {
        self.request = request
        self.author = author
        self.committer = committer
    }

    /// Runs the save to its end.
    mutating func run(in workspace: borrowing Workspace) throws(HistoryError) -> SaveReport {
        try retrying(in: workspace) { try $0.attempt(in: $1) }
    }

    /// Runs `body` until no other program comes between.
    mutating func retrying(
        in workspace: borrowing Workspace,
        _ body: (inout SaveTransaction, borrowing Workspace) throws -> Void
    ) throws(HistoryError) -> SaveReport {
        let deadline = ContinuousClock.now + workspace.settings.lockTimeout
        var count = 0
        while count < SaveTransaction.attempts || ContinuousClock.now < deadline {
            count += 1
            do {
                try body(&self, workspace)
                return report
            } catch is Restart {
                continue
            } catch {
                try lifting { throw error }
            }
        }
        throw .busy(holder: "other programs, which keep changing the branch or the document")
    }

    private mutating func attempt(in workspace: borrowing Workspace) throws {
        var plan = try SavePlan(request, in: workspace)
        try compareBaselines(&plan, in: workspace)
        report.unchanged = plan.unchanged
        guard plan.divergences.isEmpty else {
            let texts = plan.documents.map { ($0.path, $0.text) }
            return try settle(plan.divergences, texts, in: workspace)
        }
        guard !plan.documents.isEmpty else { return }
        workspace.atStep(.planned)
        try runPreCommit(&plan, in: workspace)
        guard !plan.documents.isEmpty else { return }
        let changesHistory = plan.documents.contains { $0.entry != $0.baseline || $0.isConflicted }
        guard changesHistory else {
            // Only the disk differs from HEAD: there is nothing to commit.
            return try writeToDisk(plan, in: workspace)
        }
        try keep(plan.displaced, in: workspace)
        let draft = try write(plan, in: workspace)
        workspace.atStep(.objectsWritten)
        try publish(draft, plan, in: workspace)
    }

    // MARK: Divergence

    /// Finds the documents whose version in HEAD is no longer the one that the save began
    /// with: somebody committed another in the meantime.
    private mutating func compareBaselines(
        _ plan: inout SavePlan, in workspace: borrowing Workspace
    ) throws {
        for document in plan.documents {
            guard let before = baselines[document.path] else {
                baselines[document.path] = .some(document.baseline)
                continue
            }
            guard before != document.baseline, request.onConflict != .overwrite else { continue }
            plan.divergences.append(
                Divergence(
                    path: document.path, kind: .headMoved,
                    baseline: try before.map { try workspace.side($0.id) },
                    current: try document.baseline.map { try workspace.side($0.id) }))
        }
    }

    /// Does about `divergences` what the request says, or throws them; `texts` are the
    /// documents' texts that were to be saved.
    mutating func settle(
        _ divergences: [Divergence], _ texts: [(path: String, text: [UInt8]?)],
        in workspace: borrowing Workspace
    ) throws {
        let races = divergences.allSatisfy { $0.kind == .modifiedOnDisk || $0.kind == .headMoved }
        switch request.onConflict {
        case .reload where races:
            report.left = divergences.map(\.path)
            report.unchanged = []
            for divergence in divergences {
                let path = divergence.path
                let planned = texts.first { $0.path == path }?.text
                guard let text = request.texts[path] ?? planned ?? nil else {
                    throw HistoryError.diverged(divergences)
                }
                try displace(
                    text, of: path, divergence.kind.rawValue, request.onConflict, in: workspace)
            }
        case .overwrite where races:
            // From here on the text that was read is the one to save, not the disk's.
            for case (let path, let text?) in texts
            where divergences.contains(where: { $0.path == path }) {
                request.texts[path] = request.texts[path] ?? text
            }
            throw Restart.diskChanged
        default:
            throw HistoryError.diverged(divergences)
        }
    }

    /// Keeps the texts that are about to give way.
    private mutating func keep(
        _ displaced: [DisplacedText], in workspace: borrowing Workspace
    ) throws(HistoryError) {
        for text in displaced where !kept[text.path, default: []].contains(text.text) {
            let kind = text.isStaged ? "staged" : Divergence.Kind.modifiedOnDisk.rawValue
            // A save goes over what is staged, whatever it does about the disk.
            let choice = text.isStaged ? ConflictChoice.overwrite : request.onConflict
            try displace(text.text, of: text.path, kind, choice, in: workspace)
            kept[text.path, default: []].insert(text.text)
        }
    }

    private mutating func displace(
        _ text: [UInt8], of path: String, _ kind: String, _ choice: ConflictChoice,
        in workspace: borrowing Workspace
    ) throws(HistoryError) {
        let kept = try workspace.keep(
            text, of: path, because: "\(kind), settled by \(choice.rawValue)")
        report.displaced.append(.init(path: path, choice: choice, kept: kept))
        resolutions.append(
            .init(path: path, kind: kind, choice: choice.rawValue, kept: kept.id.text))
    }
}

extension SaveTransaction {
    /// Puts the plan's texts on disk, all or none, and commits nothing: HEAD has them.
    private mutating func writeToDisk(
        _ plan: SavePlan, in workspace: borrowing Workspace
    ) throws {
        let texts = plan.documents.map { ($0.path, $0.text) }
        // What is staged stays so.
        try keep(plan.displaced.filter { !$0.isStaged }, in: workspace)
        let documents = plan.documents.filter(\.writesDisk)
        var batch = ObjectBatch()
        for document in documents { try keepObjects(of: document, in: &batch, workspace) }
        try batch.store(in: workspace.repository)
        let intent = try Intent(
            documents: documents.map { try intended($0, in: workspace) }, publication: nil)
        try workspace.write(intent)
        workspace.atStep(.intentWritten)
        let raced: [Divergence]
        do {
            raced = try replaceTexts(documents, intent, in: workspace)
        } catch {
            try workspace.takeBack(intent, by: committer, after: error)
            throw error
        }
        guard raced.isEmpty else {
            try workspace.takeBack(intent, by: committer, after: HistoryError.diverged(raced))
            return try settle(raced, texts, in: workspace)
        }
        // From here the texts are on disk, whatever fails.
        report.written = documents.map(\.path)
        do throws(HistoryError) {
            try workspace.rollBack(intent, undoing: false)
            for document in documents {
                guard var session = sessions[document.path] else { continue }
                try session.base(head: document.baseline)
                try session.write(in: workspace)
                try workspace.removeCheckpoint(of: session.id)
                sessions[document.path] = session
            }
        } catch {
            report.warnings.append(.bookkeeping(error))
        }
    }
}
