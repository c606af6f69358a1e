/// Writes a map as front matter in any syntax, for documents that change theirs.
public enum FrontMatterWriter {
    /// The bytes of front matter with its fences, to be given to
    /// ``Edit/replaceFrontMatter(_:)``.
    ///
    /// - Parameter value: a map; values that the syntax has not are refused.
    /// - Throws: ``EditError/invalidValue(_:reason:)``, for a null in TOML or an alias in JSON,
    ///   say.
    public static func bytes(
        _ value: Value, as syntax: Syntax, lineEnding: LineEnding = .lf
    ) throws(EditError) -> [UInt8] {
        guard case .map(let members) = value else {
            throw .invalidValue("the value", reason: "is not a map")
        }
        let newline = lineEnding.bytes
        switch syntax {
        case .yaml:
            var style = YAMLStyle(FrontMatter(absentFrom: Document([])))
            style.lineEnding = lineEnding
            var lines: [[UInt8]] = []
            for member in members { lines += try YAMLValueWriter(style).entry(member, indent: 0) }
            let fence = [ASCII.dash, ASCII.dash, ASCII.dash] + newline
            return fence + lines.flatMap { $0 + newline } + fence
        case .toml:
            let fence = [ASCII.plus, ASCII.plus, ASCII.plus] + newline
            return fence + (try toml(members, newline)) + fence
        case .json:
            var bytes: [UInt8] = [ASCII.openBrace] + newline
            for (index, member) in members.enumerated() {
                bytes += [ASCII.space, ASCII.space] + JSONWriter.string(member.key)
                bytes += [ASCII.colon, ASCII.space]
                bytes += try JSONWriter.inline(member.value)
                bytes += (index < members.count - 1 ? [ASCII.comma] : []) + newline
            }
            return bytes + [ASCII.closeBrace] + newline
        }
    }

    /// Plain pairs first, then the maps as tables: a pair after a table would belong to it.
    private static func toml(
        _ members: [Value.Member], _ newline: [UInt8]
    ) throws(EditError) -> [UInt8] {
        let writer = TOMLWriter()
        var pairs: [UInt8] = []
        var tables: [UInt8] = []
        func pair(_ member: Value.Member) throws(EditError) -> [UInt8] {
            writer.key(member.key) + [ASCII.space, ASCII.equals, ASCII.space]
                + (try writer.inline(member.value)) + newline
        }
        for member in members {
            guard case .map(let inner) = member.value, !inner.isEmpty else {
                pairs += try pair(member)
                continue
            }
            tables += newline + [ASCII.openBracket] + writer.key(member.key)
            tables += [ASCII.closeBracket] + newline
            for member in inner { tables += try pair(member) }
        }
        return pairs + tables
    }
}
