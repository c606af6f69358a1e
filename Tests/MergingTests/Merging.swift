import Documents
import Merging
import Testing

/// What every merge has to keep, whatever its outcome.
func expectSound(
    _ result: MergeResult, base: [UInt8], ours: [UInt8], theirs: [UInt8],
    _ name: Comment, sourceLocation: SourceLocation = #_sourceLocation
) {
    // The account tiles the output, and what it says comes from a side is that side's.
    var position = 0
    for entry in result.account {
        #expect(entry.output.lowerBound == position, name, sourceLocation: sourceLocation)
        position = entry.output.upperBound
        guard let side = entry.side else { continue }
        let text = side == .base ? base : side == .ours ? ours : theirs
        #expect(
            result.bytes[entry.output].elementsEqual(text[entry.source]), name,
            sourceLocation: sourceLocation)
    }
    #expect(position == result.bytes.count, name, sourceLocation: sourceLocation)
    guard result.isClean else { return }
    // A clean merge can be read if both sides can, and has no key more often than either.
    guard let mine = try? Document(ours).readFrontMatter(),
        let other = try? Document(theirs).readFrontMatter()
    else { return }
    let merged = try? Document(result.bytes).readFrontMatter()
    #expect(merged != nil, name, sourceLocation: sourceLocation)
    let counts = (keyCounts(mine.value), keyCounts(other.value))
    for (path, count) in keyCounts(merged?.value) where count > 1 {
        #expect(
            count <= max(counts.0[path] ?? 0, counts.1[path] ?? 0), name,
            sourceLocation: sourceLocation)
    }
}

/// How often each key is there, by the keys and positions on the way.
private func keyCounts(_ value: Value?, _ path: String = "") -> [String: Int] {
    var counts: [String: Int] = [:]
    switch value {
    case .list(let items):
        for (index, item) in items.enumerated() {
            counts.merge(keyCounts(item, "\(path)/\(index)"), uniquingKeysWith: +)
        }
    case .map(let members):
        for member in members where !member.isComplex {
            let place = "\(path)/\(member.key)"
            counts[place, default: 0] += 1
            counts.merge(keyCounts(member.value, place), uniquingKeysWith: +)
        }
    default: break
    }
    return counts
}

/// Whether two values are the same but for the order of keys and items.
func isReordering(_ left: Value, _ right: Value) -> Bool {
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
        let others = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
        return left.count == right.count
            && left.allSatisfy { member in
                others[member.key].map { isReordering(member.value, $0) } ?? false
            }
    default: return left.means(right)
    }
}
