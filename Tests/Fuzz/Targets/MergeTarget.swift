import Documents
import Merging

/// Merges: what a side alone changed is taken, the account is true, and sides can be swapped.
enum MergeTarget {
    static func check(_ input: [UInt8]) throws {
        var input = FuzzInput(input, texts: 3)
        let (base, ours, theirs) = (input.texts[0], input.texts[1], input.texts[2])
        let options = options(&input.choices)
        let merge = DocumentMerge(options)
        let result = merge.merge(base: base, ours: ours, theirs: theirs)
        try checkAccount(result, [.base: base, .ours: ours, .theirs: theirs])
        try hold(merge.merge(base: base, ours: base, theirs: theirs).bytes == theirs, "theirs lost")
        try hold(merge.merge(base: base, ours: ours, theirs: base).bytes == ours, "ours lost")
        try hold(merge.merge(base: base, ours: ours, theirs: ours).bytes == ours, "both lost")
        if options.isVirtual { try hold(result.isClean, "a virtual base has conflicts") }
        guard result.isClean else { return }
        // What a virtual base leaves open is as its own base has it, which may be anything.
        let isSound = (try? Document(base).readFrontMatter()).map { !hasDuplicates($0) } ?? false
        if !options.isVirtual || isSound { try checkFrontMatter(result, ours, theirs) }
        guard options.favor == nil, !options.isVirtual else { return }
        let swapped = merge.merge(base: base, ours: theirs, theirs: ours)
        try hold(swapped.isClean, "clean, but not with the sides swapped")
        guard let one = try? Document(result.bytes).readFrontMatter(),
            let other = try? Document(swapped.bytes).readFrontMatter()
        else { return }
        guard !hasDuplicates(one) else { return }
        try hold(isReordering(one.value, other.value), "other values with the sides swapped")
    }

    private static func options(_ choices: inout FuzzInput.Choices) -> MergeOptions {
        var options = MergeOptions()
        options.style = choices(of: MergeOptions.Style.allCases)
        if choices(4) == 0 { options.favor = choices(of: MergeOptions.Favor.allCases) }
        options.isVirtual = choices(6) == 0
        options.policy.body = choices(of: MergePolicy.Body.allCases)
        options.policy.conflicts = choices(of: MergePolicy.Conflicts.allCases)
        options.policy.keys = ["status": .max, "title": .min]
        return options
    }

    /// The account tiles the output, and what it says comes from a side is that side's.
    private static func checkAccount(_ result: MergeResult, _ sides: [MergeSide: [UInt8]]) throws {
        var end = 0
        for entry in result.account {
            try hold(entry.output.lowerBound == end, "the account has a gap")
            end = entry.output.upperBound
            guard let side = entry.side, let text = sides[side] else { continue }
            try hold(
                entry.source.upperBound <= text.count
                    && result.bytes[entry.output].elementsEqual(text[entry.source]),
                "the account is not true")
        }
        try hold(end == result.bytes.count, "the account ends early")
    }

    /// A clean merge can be read where both sides can, and gains no key twice.
    private static func checkFrontMatter(
        _ result: MergeResult, _ ours: [UInt8], _ theirs: [UInt8]
    ) throws {
        guard let mine = try? Document(ours).readFrontMatter(),
            let other = try? Document(theirs).readFrontMatter()
        else { return }
        guard let merged = try? Document(result.bytes).readFrontMatter() else {
            throw Broken("a clean merge cannot be read")
        }
        try hold(
            !hasDuplicates(merged) || hasDuplicates(mine) || hasDuplicates(other),
            "a clean merge has a key twice")
    }

    private static func hasDuplicates(_ document: FrontMatter) -> Bool {
        !(document.root.mapping?.duplicates.isEmpty ?? true)
    }

    /// Whether two values are the same but for the order of keys and items.
    private static func isReordering(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.list(let left), .list(let right)):
            var rest = right
            for item in left {
                guard let index = rest.firstIndex(where: { isReordering(item, $0) }) else {
                    return false
                }
                rest.remove(at: index)
            }
            return rest.isEmpty
        case (.map(let left), .map(let right)):
            let others = Dictionary(right.map { ($0.key, $0.value) }) { $1 }
            return left.count == right.count
                && left.allSatisfy { member in
                    others[member.key].map { isReordering(member.value, $0) } ?? false
                }
        default: return left.means(right)
        }
    }
}
