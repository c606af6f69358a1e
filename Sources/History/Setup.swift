import Git

/// What `init` sets up in a repository, part by part.
public enum SetupPart: String, Sendable, CaseIterable {
    /// `git rebase` and `git commit --amend` take the notes along.
    case notesRewriting = "notes-rewriting"
    /// `git commit` runs the check of what is staged.
    case preCommitHook = "pre-commit-hook"

    /// What the part is for.
    public var purpose: String {
        switch self {
        case .notesRewriting: "git rebase and git commit --amend keep the notes on revisions"
        case .preCommitHook: "git commit checks what is staged; a hook that was there runs first"
        }
    }

    /// The setting that the part is; nil for one that is no setting.
    fileprivate var setting: (name: String, value: String)? {
        switch self {
        case .notesRewriting: ("notes.rewriteRef", RevisionNote.reference)
        case .preCommitHook: nil
        }
    }
}

extension Workspace {
    /// The parts of the setup that are missing.
    public func missingSetup() throws(HistoryError) -> [SetupPart] {
        try lifting {
            try SetupPart.allCases.filter { part in
                guard let (name, value) = part.setting else { return try lacksCheckHook() }
                return try !repository.localConfiguration(name, has: value)
            }
        }
    }

    /// Sets up what is missing and returns it; what is there already stays.
    public func setUp() throws(HistoryError) -> [SetupPart] {
        let access = try ExclusiveAccess(to: self)
        let missing = try missingSetup()
        try lifting {
            for part in missing {
                guard let (name, value) = part.setting else {
                    try installCheckHook()
                    continue
                }
                try repository.addLocalConfiguration(
                    name, value: value, timeout: settings.lockTimeout)
            }
        }
        _ = access.recovered
        return missing
    }

    /// Takes back what `setUp` did and returns it.
    public func tearDown() throws(HistoryError) -> [SetupPart] {
        let access = try ExclusiveAccess(to: self)
        let missing = try missingSetup()
        var present = SetupPart.allCases.filter { !missing.contains($0) }
        try lifting {
            for part in present {
                guard let (name, value) = part.setting else {
                    // One that somebody wrote or changed is theirs.
                    if try !removeCheckHook() { present.removeAll { $0 == part } }
                    continue
                }
                try repository.removeLocalConfiguration(
                    name, value: value, timeout: settings.lockTimeout)
            }
        }
        _ = access.recovered
        return present
    }
}
