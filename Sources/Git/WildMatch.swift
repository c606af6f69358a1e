import Platform

/// A pattern with wildcards for a path, which matches what Git's matches.
///
/// `*` stands for any bytes but `/`, `?` for one byte but `/`, `[…]` for one of a set but `/`, and
/// `\` takes what follows as it is. `**` between slashes, or at an end, stands for any bytes.
///
/// Source: wildmatch.c with `WM_PATHNAME`. There it goes back and tries again, which takes for
/// ever on some patterns; here all ways are followed at once, so that time is their product.
struct WildMatch {
    private enum Token {
        case byte(UInt8)
        /// Any byte but `/`.
        case one
        /// One of 256, and not `/`.
        case set([Bool])
        /// Any bytes but `/`, none included.
        case many
        /// Any bytes, none included.
        case anything
        /// Nothing, or any bytes and a `/`.
        case folders
    }

    private let tokens: [Token]

    /// Reads a pattern; nil for one that Git lets match nothing, such as one with an open `[`.
    ///
    /// Where case is ignored, what it is matched with is to be in small letters.
    init?(_ pattern: ArraySlice<UInt8>, ignoringCase: Bool) {
        var tokens: [Token] = []
        var rest = pattern
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                tokens.append(.byte(ignoringCase ? next.lowercased : next))
            case UInt8(ascii: "?"):
                tokens.append(.one)
            case UInt8(ascii: "*"):
                let before = pattern[..<(rest.startIndex - 1)].last
                let stars = 1 + rest.prefix { $0 == UInt8(ascii: "*") }.count
                rest = rest.dropFirst(stars - 1)
                if stars == 1 || before ?? slash != slash {
                    tokens.append(.many)
                } else if rest.first == slash {
                    rest.removeFirst()
                    tokens.append(.folders)
                } else if rest.isEmpty || rest.starts(with: "\\/".utf8) {
                    tokens.append(.anything)
                } else {
                    tokens.append(.many)
                }
            case UInt8(ascii: "["):
                guard let set = WildMatch.set(&rest, ignoringCase: ignoringCase) else { return nil }
                tokens.append(.set(set))
            default:
                tokens.append(.byte(ignoringCase ? byte.lowercased : byte))
            }
        }
        self.tokens = tokens
    }

    /// The members of the set whose `[` was read, up to its `]`; nil where it has none.
    private static func set(_ rest: inout ArraySlice<UInt8>, ignoringCase: Bool) -> [Bool]? {
        var members = [Bool](repeating: false, count: 256)
        guard var byte = rest.popFirst() else { return nil }
        let isNegated = byte == UInt8(ascii: "!") || byte == UInt8(ascii: "^")
        if isNegated {
            guard let next = rest.popFirst() else { return nil }
            byte = next
        }
        // What a `-` makes a range with.
        var low: UInt8?
        repeat {
            if byte == UInt8(ascii: "-"), let first = low, let next = rest.first, next != closing {
                rest.removeFirst()
                var last = next
                if next == UInt8(ascii: "\\") {
                    guard let escaped = rest.popFirst() else { return nil }
                    last = escaped
                }
                for member in first...max(first, last) where member <= last {
                    members[Int(member)] = true
                    if ignoringCase { members[Int(member.lowercased)] = true }
                }
                low = nil
            } else if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") {
                guard let end = rest.firstIndex(of: closing) else { return nil }
                let name = rest[(rest.startIndex + 1)..<end]
                if name.last == UInt8(ascii: ":") {
                    let word = String(decoding: name.dropLast(), as: UTF8.self)
                    guard let contains = classes[word] else { return nil }
                    for member in UInt8(0)..<0x80
                    where contains(member) || ignoringCase && contains(member.uppercased) {
                        members[Int(member)] = true
                    }
                    rest = rest[(end + 1)...]
                    low = nil
                } else {
                    members[Int(byte)] = true
                    low = byte
                }
            } else {
                if byte == UInt8(ascii: "\\") {
                    guard let escaped = rest.popFirst() else { return nil }
                    byte = escaped
                }
                members[Int(byte)] = true
                low = byte
            }
            guard let next = rest.popFirst() else { return nil }
            byte = next
        } while byte != closing
        return isNegated ? members.map { !$0 } : members
    }

    private static let closing = UInt8(ascii: "]")

    /// The classes of ASCII characters that a set may name.
    private static let classes: [String: @Sendable (UInt8) -> Bool] = [
        "alnum": { $0.isLetter || $0.isDigit },
        "alpha": { $0.isLetter },
        "blank": { $0 == 0x20 || $0 == 0x09 },
        "cntrl": { $0 < 0x20 || $0 == 0x7f },
        "digit": { $0.isDigit },
        "graph": { (0x21...0x7e).contains($0) },
        "lower": { (0x61...0x7a).contains($0) },
        "print": { (0x20...0x7e).contains($0) },
        "punct": { (0x21...0x7e).contains($0) && !$0.isLetter && !$0.isDigit },
        "space": { [0x09, 0x0a, 0x0d, 0x20].contains($0) },
        "upper": { (0x41...0x5a).contains($0) },
        "xdigit": { $0.isDigit || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) },
    ]

    /// Whether the pattern matches all of `path`.
    func matches(_ path: ArraySlice<UInt8>) -> Bool {
        // Which tokens may come next; the last place is the pattern's end.
        let none = [Bool](repeating: false, count: tokens.count + 1)
        var places = none
        enter(0, &places)
        for byte in path {
            var next = none
            for (index, token) in tokens.enumerated() where places[index] {
                switch token {
                case .byte(let wanted): if byte == wanted { enter(index + 1, &next) }
                case .one: if byte != slash { enter(index + 1, &next) }
                case .set(let members):
                    if byte != slash, members[Int(byte)] { enter(index + 1, &next) }
                case .many: if byte != slash { enter(index, &next) }
                case .anything: enter(index, &next)
                case .folders:
                    next[index] = true
                    if byte == slash { enter(index + 1, &next) }
                }
            }
            guard next.contains(true) else { return false }
            places = next
        }
        return places[tokens.count]
    }

    /// Goes to a token, and past it where it may stand for nothing.
    private func enter(_ index: Int, _ places: inout [Bool]) {
        var index = index
        while !places[index] {
            places[index] = true
            guard index < tokens.count else { return }
            switch tokens[index] {
            case .many, .anything, .folders: index += 1
            case .byte, .one, .set: return
            }
        }
    }
}

private let slash = UInt8(ascii: "/")

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetter: Bool { (0x61...0x7a).contains(lowercased) }
    /// The ASCII letter as a small one; anything else as it is.
    var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self + 0x20 : self }
    fileprivate var uppercased: UInt8 { (0x61...0x7a).contains(self) ? self - 0x20 : self }
}
