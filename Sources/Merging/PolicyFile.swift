import Documents

extension MergePolicy {
    /// Reads the file `.docvc/policy.yaml`: its key `merge`, and of the others only that they
    /// are there.
    ///
    /// - Throws: all problems, in order, with their places in the file.
    public init(file bytes: [UInt8]) throws(Problems) {
        // The reader of front matter reads YAML between fences; the first one takes a line.
        let fence = Array("---\n".utf8)
        let document = Document(fence + bytes + Array("\n---\n".utf8))
        let frontMatter: FrontMatter
        do {
            frontMatter = try document.readFrontMatter()
        } catch {
            throw Problems([.init(MergePolicy.shifted(error.position), error.message)])
        }
        var problems: [Problem] = []
        self.init()
        if let section = frontMatter.root.mapping?["merge"] {
            self.init(
                reading: section.value,
                position: { MergePolicy.shifted(frontMatter.position(at: $0)) },
                problems: &problems)
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    /// All that is wrong with a policy file.
    public struct Problems: Error, Sendable, Hashable {
        /// The problems, in order; at least one.
        public let all: [Problem]

        init(_ all: [Problem]) { self.all = all }
    }

    private static func shifted(_ position: Position) -> Position {
        Position(
            offset: max(0, position.offset - 4), line: max(1, position.line - 1),
            column: position.column)
    }
}
