internal import Platform

extension Repository {
    /// The two roles of a commit.
    public enum Role: String, Sendable { case author, committer }

    /// Who fills `role` now, as Git finds it: the environment (`GIT_AUTHOR_NAME` …), then
    /// `author.name` or `committer.name`, then `user.name`; the address likewise, and from
    /// `EMAIL` at last.
    ///
    /// Git would go on to guess from the host's name; docvc throws `noIdentity`, because a
    /// guess stays in history for ever; and `unsupported` where a file that Git includes on a
    /// condition, and that cannot be read here, may say somebody else.
    public func identity(_ role: Role) throws(RepositoryError) -> Signature {
        try checkIncludes()
        func find(_ part: String) throws(RepositoryError) -> String? {
            let variable = "GIT_\(role.rawValue.uppercased())_\(part.uppercased())"
            if let value = world.environment[variable], !value.isEmpty { return value }
            for section in [role.rawValue, "user"] {
                if let value = try configuration.string("\(section).\(part)"), !value.isEmpty {
                    return value
                }
            }
            return nil
        }
        var email = try find("email")
        let guesses = try !(configuration.boolean("user.useconfigonly") ?? false)
        if email == nil, guesses { email = world.environment["EMAIL"] }
        guard let name = try find("name").map(Repository.withoutCrud), !name.isEmpty,
            let email = email.map(Repository.withoutCrud), !email.isEmpty
        else { throw .noIdentity(role: role.rawValue) }
        let variable = "GIT_\(role.rawValue.uppercased())_DATE"
        guard let date = world.environment[variable], !date.isEmpty else {
            return Signature(name: name, email: email, time: world.now())
        }
        guard let time = Timestamp(gitDate: date) else {
            throw .badSetting(variable, "'\(date)' is no date (2026-11-23T09:30:00+01:00 is one)")
        }
        return Signature(name: name, email: email, time: time)
    }

    /// What `git commit` makes of a name: no line feeds or angle brackets, and none of the
    /// marks at its ends that would break the line it stands in.
    private static func withoutCrud(_ text: String) -> String {
        // Byte by byte: a bracket with a combining mark is one character, and no bracket.
        let isCrud = { (byte: UInt8) in byte <= 32 || ".,:;<>\"\\'".utf8.contains(byte) }
        var rest = Array(text.utf8)[...]
        while let first = rest.first, isCrud(first) { rest.removeFirst() }
        while let last = rest.last, isCrud(last) { rest.removeLast() }
        return String(decoding: rest.filter { !"\n\r<>".utf8.contains($0) }, as: UTF8.self)
    }
}

extension Timestamp {
    /// Reads a date as `GIT_AUTHOR_DATE` gives it: Git's own `<seconds> <zone>`, with or
    /// without a leading `@`, or RFC 3339, or RFC 2822; nil where it is something else.
    init?(gitDate text: String) {
        if let time = Timestamp(rfc3339: text) {
            self = time
            return
        }
        let words = text.split(separator: " ")
        let first = words.first?.trimmingPrefix("@") ?? ""
        if words.count <= 2, let seconds = Int64(first), first.count > 8 || text.hasPrefix("@") {
            guard let offset = words.count == 2 ? Timestamp.offset(words[1]) : 0 else { return nil }
            self.init(seconds: seconds, offset: offset)
            return
        }
        // Local time without an offset, as `2026-11-23 09:30:00`.
        if let utc = Timestamp(rfc3339: text + "Z") {
            let offset = Timestamp.localOffset(at: Int(utc.seconds))
            self.init(seconds: utc.seconds - Int64(offset * 60), offset: offset)
            return
        }
        // `Mon, 23 Nov 2026 09:30:00 +0100`
        var parts = words[...]
        if parts.first?.hasSuffix(",") ?? false { parts.removeFirst() }
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard parts.count == 5 else { return nil }
        let fields = Array(parts)
        guard let month = months.firstIndex(of: String(fields[1])) else { return nil }
        func two(_ text: String) -> String { text.count < 2 ? "0\(text)" : text }
        self.init(
            rfc3339:
                "\(fields[2])-\(two("\(month + 1)"))-\(two(String(fields[0])))T\(fields[3])\(fields[4])"
        )
    }

    private static func offset(_ zone: Substring) -> Int? {
        guard zone.count == 5, let sign = zone.first, "+-".contains(sign),
            let digits = Int(zone.dropFirst())
        else { return nil }
        return (digits / 100 * 60 + digits % 100) * (sign == "-" ? -1 : 1)
    }
}
