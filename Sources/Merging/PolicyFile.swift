import Documents

extension MergePolicy {
    /// Reads the key `merge` of the file `.docvc/policy.yaml`.
    ///
    /// - Throws: all that is wrong with the file as a whole, or else with that key, in order, with
    ///   their places in the file.
    public init(file bytes: [UInt8]) throws(Problems) {
        let file: Policy
        do throws(ConfigurationError) {
            file = try Policy(bytes)
        } catch {
            throw Problems(error.problems.map { Problem($0.position, $0.message) })
        }
        var problems: [Problem] = []
        self.init()
        if let section = file.merge, let reader = file.reader {
            self.init(
                reading: section, position: { reader.position(at: $0) }, problems: &problems)
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    /// All that is wrong with a policy file.
    public struct Problems: Error, Sendable, Hashable {
        /// The problems, in order; at least one.
        public let all: [Problem]

        init(_ all: [Problem]) { self.all = all }
    }
}
