import Documents

/// Keys that one side gave another name: removed here, and added there with the same value,
/// which no other key has.
struct Renames {
    /// By the new name: the old one, and the side that chose it. Only where the other side
    /// changed the value, so that the edit has to follow.
    private(set) var to: [Text: (from: Text, side: MergeSide)] = [:]
    /// The old names.
    private(set) var from: Set<Text> = []
    /// Names that both sides chose for one key, or that the other side has taken.
    private(set) var clashes: Set<Text> = []

    init(maps: Sides<Value>) {
        for member in maps.base.members ?? [] where member.value.isDistinctive {
            let key = member.key
            let names = Sides(
                base: Text?.none, ours: Renames.name(of: member, in: maps.ours, maps.base),
                theirs: Renames.name(of: member, in: maps.theirs, maps.base))
            if let ours = names.ours, let theirs = names.theirs {
                if ours != theirs { clashes.formUnion([ours, theirs]) }
                continue
            }
            for side in [MergeSide.ours, .theirs] {
                guard let name = names[side], let edited = maps[side.opposite][key],
                    !edited.means(member.value)
                else { continue }
                if maps[side.opposite][name] != nil {
                    clashes.formUnion([name, key])
                } else {
                    to[name] = (key, side)
                    from.insert(key)
                }
            }
        }
    }

    /// The new name of a key that is gone from a map.
    private static func name(of member: Value.Member, in map: Value, _ base: Value) -> Text? {
        guard map[member.key] == nil, let members = map.members else { return nil }
        let same = members.filter { $0.value == member.value }
        guard same.count == 1, base[same[0].key] == nil,
            base.members?.filter({ $0.value == member.value }).count == 1
        else { return nil }
        return same[0].key
    }
}
