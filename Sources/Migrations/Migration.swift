public import Documents

/// A declared change of the front matter of many documents: one file
/// `.docvc/migrations/NNNN-name.yaml`.
public struct Migration: Sendable {
    /// Where migrations lie, from the work tree's top.
    public static let folder = ".docvc/migrations"

    /// The name: the file's, without its ending.
    public let name: String
    /// The number at the start of the name.
    public let number: Int
    /// The migration before it; nil for the first.
    public let after: String?
    /// The documents that it is for; nil for all that the policy names.
    public let documents: GlobList?
    /// What must be so in a document; it must all be so.
    public let conditions: [Condition]
    /// Why values may be lost; nil where none may.
    public let reason: String?
    /// What is done, in this order.
    public let operations: [MigrationOperation]
    /// Where the name of the one before stands, or the file's start.
    let afterPosition: Position
    /// Where `documents` and `where` stand.
    let documentsPosition: Position
    let conditionsPosition: Position

    /// The path of the migration's file.
    public var path: String { Migration.path(of: name) }

    /// The path of the file of the migration of that name.
    public static func path(of name: String) -> String { "\(folder)/\(name).yaml" }

    /// The name that a path in the folder of migrations stands for; nil for other files.
    ///
    /// Throws nothing: a `.yaml` file there with another kind of name is a problem that
    /// ``Chain`` reports.
    public static func name(at path: String) -> String? {
        guard path.hasPrefix(folder + "/"), path.hasSuffix(".yaml") else { return nil }
        let name = path.dropFirst(folder.count + 1).dropLast(5)
        return name.contains("/") || name.hasPrefix(".") ? nil : String(name)
    }

    /// Whether a file is named like a migration but for its ending, so that nobody would read it.
    static func isMisnamed(_ path: String) -> Bool {
        path.hasPrefix(folder + "/") && path.hasSuffix(".yml")
            && name(at: path.dropLast(4) + ".yaml") != nil
    }

    /// Whether a path in the folder of migrations is one that ``Chain`` has to know of.
    public static func isFile(_ path: String) -> Bool {
        name(at: path) != nil || isMisnamed(path)
    }

    /// The number of a name like `0003-dates`; nil for another kind of name.
    public static func number(of name: String) -> Int? {
        let digits = name.utf8.prefix { (48...57).contains($0) }
        guard digits.count >= 4, digits.count <= 9, let number = Int(Substring(digits)),
            number > 0
        else { return nil }
        let rest = name.utf8.dropFirst(digits.count)
        guard rest.first == UInt8(ascii: "-"), rest.count > 1,
            rest.allSatisfy({
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            })
        else { return nil }
        return number
    }

    /// What of the migration matches no document; nil where there is nothing to match.
    public func nothingMatched(
        _ counts: MigrationPlan.Counts
    ) -> (position: Position, what: String)? {
        if counts.matched == 0 {
            guard let documents else { return nil }
            return (
                documentsPosition,
                "documents: \(documents.texts.joined(separator: ", ")) matches no document"
            )
        }
        guard counts.matched == counts.skipped, !conditions.isEmpty else { return nil }
        return (conditionsPosition, "where: holds in none of \(counts.matched) documents")
    }
}
