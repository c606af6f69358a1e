import Documents
import History
import Migrations

/// The words for migrations.
extension ErrorWriter {
    /// All that is wrong with the policy.
    func malformedPolicy(_ problems: [(position: Position?, message: String)]) -> ErrorReport {
        ErrorReport(
            .malformed, code: "malformed-policy",
            "the policy cannot be read: \(counted(problems.count, "problem"))", path: Policy.path,
            position: problems.first?.position,
            problems: problems.map {
                .init(Policy.path, $0.position, rule: "malformed-policy", $0.message)
            }, remedies: [check])
    }

    private var check: Remedy {
        Remedy(choice: "see whether all is well then", command: docvc("migrate check"))
    }

    func report(_ error: MigrationError) -> ErrorReport {
        switch error {
        case .badPolicy(let error):
            return malformedPolicy(error.problems.map { ($0.position, $0.message) })
        case .badMigrations(let problems):
            return ErrorReport(
                .malformed, code: problems.first?.rule.rawValue ?? "malformed-migration",
                "the migrations cannot be read: \(counted(problems.count, "problem"))",
                path: problems.first?.path, position: problems.first?.position,
                problems: problems.map {
                    problem($0.path, $0.position, $0.rule.rawValue, $0.message)
                }, remedies: [check])
        case .misplaced(let places):
            return ErrorReport(
                .malformed, code: "malformed-migration",
                "the migrations cannot be read: \(counted(places.count, "problem"))",
                path: places.first?.path,
                problems: places.map {
                    problem($0.path, nil, "malformed-migration", "\($0.message): \($0.fix)")
                }, remedies: [check])
        case .unknown(let name, let near):
            return ErrorReport(
                .noDocument, code: "no-such-migration",
                "there is no migration '\(name)'"
                    + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"),
                remedies: [Remedy(choice: "list them", command: docvc("migrate list"))])
        case .none:
            return ErrorReport(
                .noDocument, code: "no-migrations",
                "there are no migrations in \(Migration.folder)",
                remedies: [
                    Remedy(choice: "begin one", command: docvc("migrate new NAME"))
                ])
        case .badName(let name, let why):
            return ErrorReport(.usage, code: "bad-name", "'\(name)' \(why)")
        case .refused(let refusals):
            return ErrorReport(refusals.map { report($0) }, ending: "nothing was changed")
        case .nothingRecorded(let name):
            return ErrorReport(
                .refused, code: "nothing-recorded",
                (name.map { "nothing is recorded of \($0) in this repository" }
                    ?? "no migration is recorded in this repository") + "; nothing was changed",
                remedies: [
                    Remedy(
                        choice: "fetch what another clone recorded",
                        command: git(
                            "fetch origin 'refs/docvc/migrations/*:refs/docvc/migrations/*'")),
                    Remedy(
                        choice: "find the commit, for git revert",
                        command: git("log --grep Docvc-Migration:")),
                ])
        }
    }

    /// One of the reasons, without what follows from it.
    private func report(_ refusal: MigrationError.Refusal) -> ErrorReport {
        let plan = Remedy(choice: "see the plan", command: docvc("migrate plan"))
        switch refusal {
        case .failing(let failures, let total, let blockers):
            let found =
                failures.map {
                    problem(
                        $0.path, $0.failure.position, $0.failure.kind.rawValue,
                        ($0.failure.operation.map { "\($0): " } ?? "") + $0.failure.message)
                }
                + blockers.map { problem($0.path, nil, $0.kind.rawValue, $0.kind.words) }
            let documents = Set(found.map(\.path)).count
            let more = total > failures.count ? ", of which \(failures.count) are listed" : ""
            let isMalformed =
                blockers.isEmpty && failures.allSatisfy { $0.failure.kind == .unparsable }
            return ErrorReport(
                isMalformed ? .malformed : .refused,
                code: found.first?.rule ?? "refused",
                "\(counted(documents, "document")) cannot be changed"
                    + " (\(counted(total + blockers.count, "reason"))\(more))",
                path: found.first?.path, position: failures.first?.failure.position,
                problems: found, remedies: remedies(for: blockers) + [plan])
        case .matchesNothing(let places):
            return ErrorReport(
                .refused, code: "matches-nothing",
                "a migration is for no document", path: places.first?.path,
                position: places.first?.position,
                problems: places.map {
                    problem($0.path, $0.position, "matches-nothing", $0.what)
                })
        case .pendingBefore(let name, let documents):
            return ErrorReport(
                .refused, code: "pending-before",
                "\(name) comes first and has still to change \(counted(documents, "document"))",
                path: Migration.path(of: name),
                remedies: [
                    Remedy(
                        choice: "see what it does", command: docvc("migrate plan \(name)")),
                    Remedy(choice: "apply all in order", command: docvc("migrate apply")),
                ])
        case .noReason(let migrations):
            return ErrorReport(
                .refused, code: "missing-reason",
                "values would be lost, and allow-destructive gives no reason",
                path: migrations.first?.path,
                problems: migrations.map {
                    problem(
                        $0.path, nil, "missing-reason", "add allow-destructive: \"why\"")
                }, remedies: [plan])
        case .destructive(let migrations):
            return ErrorReport(
                .refused, code: "destructive",
                "values would be lost", path: migrations.first?.path,
                problems: migrations.map {
                    problem($0.path, nil, "destructive", "the reason it gives: \($0.reason ?? "")")
                },
                remedies: [
                    plan, Remedy(choice: "lose them", command: again("--allow-destructive")),
                ])
        case .gone(let planned):
            return report(goneOf: planned)
        case .planChanged(let asked, let now):
            return ErrorReport(
                .refused, code: "plan-changed",
                "the plan \(asked) does not hold any more: it is \(now) now",
                remedies: [plan])
        }
    }

    /// Nothing can be taken back, as documents are gone.
    private func report(goneOf planned: PlannedReversal) -> ErrorReport {
        let gone = planned.gone.map {
            problem(
                $0.path, nil, $0.isReplaced ? "replaced-on-disk" : "deleted-on-disk", $0.reason)
        }
        let kept = planned.kept.map {
            problem($0.path, nil, "kept", "\($0.kept.key) \($0.kept.reason)")
        }
        let path = gone.first?.path ?? ""
        return ErrorReport(
            .refused, code: "documents-gone",
            "nothing of \(planned.name) can be taken back: \(counted(gone.count, "document"))"
                + (gone.count == 1 ? " is" : " are") + " not there any more",
            path: path, problems: gone + kept,
            remedies: [
                Remedy(
                    choice: "see what became of \(path)",
                    command: git("log -1 --name-status --full-diff --", path)),
                Remedy(
                    choice: "take it back, once it has this name again",
                    command: docvc("migrate revert \(planned.name)")),
            ])
    }

    private func problem(
        _ path: String, _ position: Position?, _ rule: String, _ message: String
    ) -> ErrorReport.Problem {
        ErrorReport.Problem(path, position, rule: rule, message)
    }

    func report(_ error: ConfirmationError) -> ErrorReport {
        switch error {
        case .declined:
            return ErrorReport(.refused, code: "declined", "nothing was changed")
        case .nobody(let plan):
            return ErrorReport(
                .refused, code: "confirmation-needed",
                "this wants a yes, and there is no terminal to ask; nothing was changed",
                remedies: [
                    Remedy(choice: "do just this", command: again("--plan", plan)),
                    Remedy(choice: "do what is found then", command: again("--yes")),
                ])
        }
    }

    private func remedies(for blockers: [MigrationError.Blocker]) -> [Remedy] {
        let linked = blockers.filter { $0.kind == .hardLinked }.map {
            Remedy(choice: "part the names of \($0.path)", command: partingNames(of: $0.path))
        }
        let readOnly = blockers.filter { $0.kind == .readOnly }.map { look($0.path) }
        let unmerged = blockers.filter { $0.kind == .unmerged }.map {
            Remedy(choice: "settle \($0.path)", command: docvc("resolve", $0.path))
        }
        let others = Array((linked + readOnly + unmerged).prefix(5))
        let unsaved = blockers.filter(\.isUnsaved)
        if unsaved.isEmpty { return others }
        let save = unsaved.allSatisfy { $0.kind == .draft } ? "save" : "save --all"
        return others + [
            Remedy(choice: "save them first", command: docvc(save)),
            // The hook refuses what is pending, which is what is to be migrated.
            Remedy(choice: "save them unchecked", command: docvc("\(save) --no-verify")),
        ]
    }
}

extension PlannedReversal.Gone {
    /// Why nothing goes back there, in words.
    var reason: String {
        isReplaced
            ? "is no file any more, or is reached by a symbolic link"
            : "is not there: renamed or deleted since, or outside the sparse checkout"
    }
}

extension MigrationError.Blocker.Kind {
    /// The reason in words.
    var words: String {
        switch self {
        case .modified: "is changed on disk and not saved"
        case .unsaved: "is not in HEAD yet"
        case .draft: "has a draft with unsaved work"
        case .unmerged: "has an unfinished merge"
        case .readOnly: "is read-only, or its folder is"
        case .hardLinked: "has several names (hard links); writing it would part them"
        }
    }
}
