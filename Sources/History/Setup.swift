import Git

/// What `init` sets up in a repository, part by part.
public enum SetupPart: String, Sendable, CaseIterable {
    /// `git rebase` and `git commit --amend` take the notes along.
    case notesRewriting = "notes-rewriting"

    /// What the part is for.
    public var purpose: String {
        switch self {
        case .notesRewriting: "git rebase and git commit --amend keep the notes on revisions"
        }
    }

    fileprivate var setting: (name: String, value: String) {
        switch self {
        case .notesRewriting: ("notes.rewriteRef", RevisionNote.reference)
        }
    }
}

extension Workspace {
    /// The parts of the setup that are missing.
    public func missingSetup() throws(HistoryError) -> [SetupPart] {
        try lifting {
            try SetupPart.allCases.filter { part in
                let (name, value) = part.setting
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
                let (name, value) = part.setting
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
        let present = SetupPart.allCases.filter { !missing.contains($0) }
        try lifting {
            for part in present {
                let (name, value) = part.setting
                try repository.removeLocalConfiguration(
                    name, value: value, timeout: settings.lockTimeout)
            }
        }
        _ = access.recovered
        return present
    }
}
