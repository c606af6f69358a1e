import Documents
import Git
import Merging
import Migrations

/// What is to be checked.
public struct CheckRequest: Sendable {
    /// Where the documents are read.
    public var view: DocumentView = .workTree
    /// The documents, by their paths from the work tree's top; none for every one.
    public var paths: [String] = []
    /// A revision or commit whose findings do not count.
    public var baseline: String?
    /// Whether a migration that is pending is a finding.
    public var countsPending = true

    /// Everything in the work tree.
    public init() {}
}

/// What a check saw.
public struct CheckReport: Sendable {
    /// What it found, in order of path and place.
    public let findings: [CheckFinding]
    /// How many documents it read.
    public let documents: Int
    /// How many findings the baseline has too.
    public let known: Int
    /// The migrations that are pending, where they are no findings.
    public let pending: [CheckFinding]

    /// A report on what was found, in which pending migrations count or not.
    init(_ found: [CheckFinding], documents: Int, known: Int, countsPending: Bool) {
        pending = countsPending ? [] : found.filter { $0.rule == .pendingMigration }
        findings = countsPending ? found : found.filter { $0.rule != .pendingMigration }
        self.documents = documents
        self.known = known
    }
}

extension Workspace {
    /// Checks documents, migrations and policy. Changes nothing.
    public func check(_ request: CheckRequest) throws -> CheckReport {
        var check = try Check(request.view, request.paths, in: self)
        try check.run(in: self)
        let found = check.findings
        guard let baseline = request.baseline else {
            return CheckReport(
                found, documents: check.documents, known: 0, countsPending: request.countsPending)
        }
        var before = try Check(.commit(baseline), request.paths, in: self)
        try before.run(in: self)
        var known: [[String]: Int] = [:]
        for finding in before.findings { known[finding.identity, default: 0] += 1 }
        let new = found.filter { finding in
            guard let count = known[finding.identity], count > 0 else { return true }
            known[finding.identity] = count - 1
            return false
        }
        return CheckReport(
            new, documents: check.documents, known: found.count - new.count,
            countsPending: request.countsPending)
    }
}

/// One run of the check over one view.
private struct Check {
    private let view: DocumentView
    private let paths: Set<String>?
    private var unordered: [CheckFinding] = []
    private(set) var documents = 0

    init(_ view: DocumentView, _ paths: [String], in workspace: borrowing Workspace) throws {
        self.view = view
        self.paths = paths.isEmpty ? nil : Set(paths)
    }

    /// By path, place and rule.
    var findings: [CheckFinding] {
        unordered.sorted {
            ($0.path, $0.line, $0.column, $0.rule.rawValue, $0.message)
                < ($1.path, $1.line, $1.column, $1.rule.rawValue, $1.message)
        }
    }

    private func isWanted(_ path: String) -> Bool { paths?.contains(path) ?? true }

    private mutating func note(
        _ rule: CheckFinding.Rule, _ path: String, _ position: Position?, _ message: String,
        fix: CheckFinding.Fix
    ) {
        unordered.append(CheckFinding(rule, path, position, message, fix: fix))
    }

    mutating func run(in workspace: borrowing Workspace) throws {
        var policy = Policy()
        do {
            policy = try workspace.policy(in: view)
        } catch MigrationError.badPolicy(let error) {
            for problem in error.problems {
                note(
                    .malformedPolicy, Policy.path, problem.position, problem.message,
                    fix: .edit(Policy.path))
            }
        }
        let chain = try readMigrations(in: workspace)
        try checkDocuments(chain, policy, in: workspace)
    }

    // MARK: Migrations

    /// The migrations, checked; nil where they cannot be read.
    private mutating func readMigrations(in workspace: borrowing Workspace) throws -> Chain? {
        do {
            let files = try workspace.migrationFiles(in: view)
            let chain = try Chain(files)
            try checkMigrations(chain, files, in: workspace)
            return chain
        } catch MigrationError.misplaced(let places) {
            for place in places {
                note(.malformedMigration, place.path, nil, place.message, fix: .replace(place.fix))
            }
        } catch let failure as Chain.Failure {
            for problem in failure.problems {
                note(
                    CheckFinding.Rule(problem.rule), problem.path, problem.position,
                    problem.message, fix: .edit(problem.path))
            }
        }
        return nil
    }

    private mutating func checkMigrations(
        _ chain: Chain, _ files: [Chain.File], in workspace: borrowing Workspace
    ) throws {
        for migration in chain.migrations {
            if migration.reason == nil,
                let operation = migration.operations.first(where: \.isDestructiveByName)
            {
                note(
                    .missingReason, migration.path, operation.position,
                    "\(operation.summary) loses values: say why in allow-destructive",
                    fix: .edit(migration.path))
            }
            for (position, drop, new) in migration.likelyRenames {
                note(
                    .likelyRename, migration.path, position,
                    "\(drop) is dropped and \(new) added: to keep the values, rename it",
                    fix: .edit(migration.path, writing: "rename: { from: \(drop), to: \(new) }"))
            }
            for (position, key) in migration.chainedValues {
                note(
                    .notIdempotent, migration.path, position,
                    "map \(key) would change its own result", fix: .edit(migration.path))
            }
        }
        let applied = try workspace.appliedMigrations(chain.migrations.map(\.name))
        for file in files {
            guard let name = Migration.name(at: file.path), let at = applied[name],
                let then = at.file, try Repository.blobID(of: file.bytes) != then
            else { continue }
            // Another platform's line endings are no change.
            let old = try workspace.repository.blob(then)
            guard old.filter({ $0 != 13 }) != file.bytes.filter({ $0 != 13 }) else { continue }
            note(
                .changedMigration, file.path, nil,
                "\(name) was changed after it was applied in \(at.commit.short): a new change"
                    + " is a new migration",
                fix: .checkOut(file.path, from: at.commit))
        }
    }

    // MARK: Documents

    private mutating func noteConflicts(
        _ conflicts: [Range<Int>], _ path: String, _ document: Document
    ) {
        unordered += conflicts.map { conflict in
            CheckFinding(
                .conflictMarkers, path, document.position(at: conflict.lowerBound),
                "an unresolved conflict", fix: .edit(path))
        }
    }

    /// Whether a migration would refuse a document as it is now, for its work is not in HEAD.
    private func needsSave(
        _ path: String, _ baselines: inout MigrationBaselines?, in workspace: borrowing Workspace
    ) throws -> Bool {
        if case .commit = view { return false }
        guard let text = try workspace.disk(path).text else { return false }
        let known = try baselines ?? MigrationBaselines(in: workspace)
        baselines = known
        return try known.blockers(of: path, text, in: workspace).contains { $0.isUnsaved }
    }

    private mutating func checkDocuments(
        _ chain: Chain?, _ policy: Policy, in workspace: borrowing Workspace
    ) throws {
        let runner = chain.map { MigrationRunner($0, policy: policy) }
        let paths = paths
        let listing = try DocumentListing(view, in: workspace) { path in
            (paths?.contains(path) ?? true)
                && (policy.isDocument(path) || runner?.concerns(path) ?? false)
        }
        for path in listing.unmerged {
            note(
                .unmerged, path, nil, "the merge of this document is not finished",
                fix: .add(path))
        }
        var unstable: Set<String> = []
        var faults: Set<CheckFinding> = []
        var baselines: MigrationBaselines?
        try listing.forEach(in: workspace) { path, text in
            DocumentCheck(path, Document(text), runner)
        } _: { path, text, check in
            documents += 1
            unordered += try check.findings.map { finding in
                guard case .apply(let name, _) = finding.fix,
                    try needsSave(path, &baselines, in: workspace)
                else { return finding }
                var finding = finding
                finding.fix = .apply(name, saving: path)
                return finding
            }
            if !check.markerSizes.isEmpty {
                let size = try workspace.conflictMarkerSize(of: path)
                noteConflicts(ConflictMarkers.conflicts(in: text, size: size), path, Document(text))
            }
            unstable.formUnion(check.unstable)
            faults.formUnion(check.faults)
        }
        unordered += faults
        for migration in chain?.migrations ?? [] where unstable.contains(migration.name) {
            note(
                .notIdempotent, migration.path, nil,
                "\(migration.name) would change its own result", fix: .edit(migration.path))
        }
    }
}

/// What is wrong with one document.
private struct DocumentCheck: Sendable {
    private(set) var findings: [CheckFinding] = []
    /// The migrations that would change their own result.
    private(set) var unstable: [String] = []
    /// What is wrong with the migrations themselves, for this document and perhaps others.
    private(set) var faults: [CheckFinding] = []
    /// The sizes of the markers of which it holds conflicts; its attributes say which counts.
    let markerSizes: Set<Int>
    private let path: String

    init(_ path: String, _ document: Document, _ runner: MigrationRunner?) {
        self.path = path
        markerSizes = ConflictMarkers.sizes(in: document.bytes)
        // A conflict in front matter is why that cannot be read.
        for conflict in ParseableConflict.conflicts(in: document.bytes) {
            note(
                .conflictMarkers, document.position(at: conflict.lowerBound),
                "an unresolved conflict")
        }
        do throws(ParseError) {
            check(try document.readFrontMatter(), runner)
        } catch {
            // What has none, and could get none, is no fault.
            if error.reason == .encoding, document.frontMatter == nil { return }
            note(
                .unparsable, error.position, "the front matter cannot be read: \(error.message)",
                fix: .editOrLeaveOut(path))
        }
    }

    private mutating func note(
        _ rule: CheckFinding.Rule, _ position: Position, _ message: String,
        fix: CheckFinding.Fix? = nil
    ) {
        findings.append(
            CheckFinding(rule, path, position, message, fix: fix ?? .edit(path)))
    }

    private mutating func check(_ frontMatter: FrontMatter, _ runner: MigrationRunner?) {
        for (key, position) in frontMatter.duplicateKeys {
            note(.duplicateKey, position, "\(key) is there more than once")
        }
        guard let runner else { return }
        let outcome = runner.run(frontMatter, at: path, checksStability: true)
        for failure in outcome.failures where failure.kind != .unparsable {
            let rule: CheckFinding.Rule =
                switch failure.kind {
                case .assertion: .brokenAssertion
                case .collision: .nameCollision
                default: .cannotMigrate
                }
            let message = (failure.operation.map { "\($0): " } ?? "") + failure.message
            guard failure.kind == .uncertain else {
                note(rule, failure.position, message)
                continue
            }
            let finding = CheckFinding(
                rule, failure.file ?? path, failure.position, message,
                fix: .edit(Policy.path, writing: "version-key: schema"))
            if failure.file == nil { findings.append(finding) } else { faults.append(finding) }
        }
        for (index, change) in outcome.changes {
            let name = runner.migrations[index].name
            let offset = change.splices.first?.offset ?? 0
            note(
                .pendingMigration, frontMatter.position(at: offset), "\(name) is pending",
                fix: .apply(name))
            if outcome.isUnstable { unstable.append(name) }
        }
    }
}

extension CheckFinding.Rule {
    fileprivate init(_ rule: Chain.Problem.Rule) {
        self =
            switch rule {
            case .malformed: .malformedMigration
            case .twoHeads: .twoHeads
            case .missingPredecessor: .missingPredecessor
            case .cycle: .migrationCycle
            }
    }
}

extension FrontMatter {
    /// The keys that are there more than once, with the place of the second.
    fileprivate var duplicateKeys: [(FieldPath, Position)] {
        var found: [(FieldPath, Position)] = []
        func visit(_ node: Node, _ path: FieldPath) {
            switch node.content {
            case .scalar, .alias: break
            case .sequence(let items):
                for (index, item) in items.enumerated() where item.scalar == nil {
                    visit(item, path.appending(.index(index)))
                }
            case .mapping(let mapping):
                var seen: Set<Text> = []
                for entry in mapping.entries where !entry.isComplex {
                    if !mapping.duplicates.isEmpty, !seen.insert(entry.key).inserted {
                        found.append(
                            (
                                path.appending(.key(entry.key)),
                                position(at: entry.keyRange.lowerBound)
                            ))
                    }
                    if entry.value.scalar == nil {
                        visit(entry.value, path.appending(.key(entry.key)))
                    }
                }
            }
        }
        visit(root, FieldPath([]))
        return found
    }
}
