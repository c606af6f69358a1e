/// A call to libgit2 that failed.
public struct GitError: Error, Equatable, Sendable {
    /// What kind of failure it was; open, so that codes this build does not know survive.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// libgit2's own number, `git_error_code`.
        public let rawValue: Int32
        /// The code with libgit2's number `rawValue`.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// The object, reference or path does not exist.
        public static let notFound = Code(rawValue: -3)
        /// It exists already.
        public static let exists = Code(rawValue: -4)
        /// A short object id fits several objects.
        public static let ambiguous = Code(rawValue: -5)
        /// The branch that HEAD names has no commit yet.
        public static let unbornBranch = Code(rawValue: -9)
        /// The name is not one Git allows.
        public static let invalidName = Code(rawValue: -12)
        /// A lock file is there.
        public static let locked = Code(rawValue: -14)
        /// The value is not the one expected.
        public static let modified = Code(rawValue: -15)
        /// There is nothing more to iterate over; not a failure.
        static let endOfIteration = Code(rawValue: -31)
        /// The repository belongs to another user.
        public static let owner = Code(rawValue: -36)
    }

    /// The name of libgit2's function.
    public let call: String
    /// What kind of failure it was.
    public let code: Code
    /// What libgit2 said of it, or a word of our own where it said nothing.
    public let message: String
}

extension GitError: CustomStringConvertible {
    /// `git_odb_read: object not found (-3)`
    public var description: String { "\(call): \(message) (\(code.rawValue))" }
}
