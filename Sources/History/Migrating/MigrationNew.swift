import Documents
import Git
import Migrations
import Platform

extension Workspace {
    /// Writes the file of a new migration, which follows the last one.
    ///
    /// - Parameters:
    ///   - title: the name without its number, in any letters.
    ///   - content: what the file holds, given the name and the name of the one before.
    /// - Returns: its path from the work tree's top.
    public func newMigration(
        _ title: String, content: (_ name: String, _ after: String?) -> String
    ) throws -> String {
        let setup = try migrationSetup()
        let last = setup.chain.migrations.last
        let name = try Workspace.name(title, after: last)
        let path = Migration.path(of: name)
        guard try files.status(of: location(of: path)) == nil else {
            throw MigrationError.badName(name, why: "is there already: \(path)")
        }
        try files.makeFolders(location(of: Migration.folder))
        try files.create(location(of: path)).write(content(name, last?.name).utf8)
        return path
    }

    private static func name(_ title: String, after last: Migration?) throws -> String {
        let number = (last?.number ?? 0) + 1
        var rest = title[...]
        // Somebody who gives the number too means this one, or has it wrong.
        if let given = Migration.number(of: title) {
            guard given >= number else {
                throw MigrationError.badName(
                    title, why: "has a number that is taken: the next is \(padded(number))")
            }
            guard given == number else {
                throw MigrationError.badName(
                    title, why: "leaves numbers out: the next is \(padded(number))")
            }
            rest = rest.drop { $0.isNumber }.dropFirst()
        }
        var words: [String] = []
        for word in rest.lowercased().split(whereSeparator: {
            !($0.isASCII && ($0.isLetter || $0.isNumber))
        }) {
            words.append(String(word))
        }
        let name = "\(padded(number))-\(words.joined(separator: "-"))"
        guard Migration.number(of: name) != nil, name.utf8.count <= 100 else {
            throw MigrationError.badName(
                title, why: "is no name: letters and digits, at most 90 of them")
        }
        return name
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
