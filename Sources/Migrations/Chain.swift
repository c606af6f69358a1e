public import Documents

/// The migrations of a repository, in order.
public struct Chain: Sendable {
    /// A migration file, by its path from the work tree's top.
    public struct File: Sendable {
        /// The path.
        public let path: String
        /// The content.
        public let bytes: [UInt8]

        /// A file.
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// What is wrong with a migration file.
    public struct Problem: Error, Sendable, Hashable {
        /// The kinds (the words of the answers).
        public enum Rule: String, Sendable {
            /// The file cannot be read.
            case malformed = "malformed-migration"
            /// More than one migration follows the same one.
            case twoHeads = "two-heads"
            /// The migration before it is not there.
            case missingPredecessor = "missing-predecessor"
            /// Migrations follow each other in a circle.
            case cycle = "migration-cycle"
        }

        /// The kind.
        public let rule: Rule
        /// The file.
        public let path: String
        /// The place in it.
        public let position: Position
        /// What is wrong.
        public let message: String
    }

    /// All that is wrong with the migrations.
    public struct Failure: Error, Sendable {
        /// The problems, by path and place; at least one.
        public let problems: [Problem]
    }

    /// The migrations, each after the one before it.
    public let migrations: [Migration]

    /// No migrations.
    public init() { migrations = [] }

    /// Reads the migrations and puts them in order.
    ///
    /// - Throws: everything that is wrong with any of them.
    public init(_ files: [File]) throws(Failure) {
        var problems: [Problem] = []
        var read: [String: Migration] = [:]
        var names: Set<String> = []
        for file in files {
            if Migration.isMisnamed(file.path) {
                problems.append(
                    Problem(
                        rule: .malformed, path: file.path,
                        position: Position(offset: 0, line: 1, column: 1),
                        message: "the file of a migration ends in .yaml"))
            }
            guard let name = Migration.name(at: file.path) else { continue }
            names.insert(name)
            do throws(ConfigurationError) {
                read[name] = try Migration(file.bytes, named: name)
            } catch {
                problems += error.problems.map {
                    Problem(
                        rule: .malformed, path: file.path, position: $0.position,
                        message: $0.message)
                }
            }
        }
        let migrations = read.values.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        let chain = Chain.problems(of: migrations, names)
        problems += chain
        guard problems.isEmpty else {
            throw Failure(
                problems: problems.sorted {
                    ($0.path, $0.position.offset) < ($1.path, $1.position.offset)
                })
        }
        self.migrations = migrations
    }

    private static func problems(of migrations: [Migration], _ names: Set<String>) -> [Problem] {
        var problems: [Problem] = []
        func note(_ rule: Problem.Rule, _ migration: Migration, _ message: String) {
            problems.append(
                Problem(
                    rule: rule, path: migration.path, position: migration.afterPosition,
                    message: message))
        }
        let byName = Dictionary(migrations.map { ($0.name, $0) }) { first, _ in first }
        var followers: [String?: [Migration]] = [:]
        for migration in migrations { followers[migration.after, default: []].append(migration) }
        for migration in migrations {
            let rivals = (followers[migration.after] ?? []).filter { $0.name != migration.name }
            if !rivals.isEmpty {
                let place = migration.after.map { "follow \($0)" } ?? "come first"
                note(
                    .twoHeads, migration,
                    "\(migration.name) and \(rivals.map(\.name).joined(separator: ", "))"
                        + " \(place): two heads; let one of them follow the other")
            }
            guard let after = migration.after else { continue }
            if !names.contains(after) {
                note(
                    .missingPredecessor, migration,
                    "there is no migration '\(after)'"
                        + NearMiss.hint(after, among: names.subtracting([migration.name]).sorted()))
            } else if isInCycle(migration, byName) {
                note(.cycle, migration, "\(migration.name) comes after itself, by way of \(after)")
            } else if let before = byName[after], before.number >= migration.number {
                note(
                    .malformed, migration,
                    "\(migration.name) follows \(after), whose number is not lower")
            }
        }
        return problems
    }

    private static func isInCycle(_ start: Migration, _ byName: [String: Migration]) -> Bool {
        var seen: Set<String> = []
        var next = start.after
        while let name = next, seen.insert(name).inserted {
            if name == start.name { return true }
            next = byName[name]?.after
        }
        return false
    }

    /// The migration of that name, or of that number; nil where there is none.
    public func migration(named name: String) -> Migration? {
        migrations.first { $0.name == name }
            ?? Int(name).flatMap { number in migrations.first { $0.number == number } }
    }
}
