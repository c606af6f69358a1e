/// Where a value stands: in a map under a key, or in a list.
struct Slot {
    enum Place {
        case entry(Mapping.Entry)
        case item(Node)
    }

    let place: Place
    /// The position in the collection.
    let index: Int
    /// The map or list.
    let collection: Node
    /// Names the value.
    let path: FieldPath

    /// The value that stands there.
    var node: Node {
        switch place {
        case .entry(let entry): entry.value
        case .item(let node): node
        }
    }
}

/// Turns edits of front matter into splices, for one syntax.
///
/// What comes out is a proposal: ``EditProof`` decides.
protocol FrontMatterSplicer {
    /// Puts a value in the place of another.
    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice]
    /// Adds a key after the last one of a map.
    func add(_ member: Value.Member, to map: Node, at path: FieldPath) throws(EditError) -> [Splice]
    /// Adds an item after the last one of a list.
    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice]
    /// Removes an entry or an item with the comments that belong to it.
    func remove(_ slot: Slot) throws(EditError) -> [Splice]
    /// Gives an entry another key.
    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice]
    /// Gives an entry another path without moving its lines, where the syntax knows such a thing.
    func readdress(_ slot: Slot, to path: FieldPath) -> [Splice]?
    /// The same where one of the two paths lies in the other: a key gets more names, or fewer.
    func renest(_ slot: Slot, to path: FieldPath) -> [Splice]?
}

extension FrontMatterSplicer {
    func readdress(_ slot: Slot, to path: FieldPath) -> [Splice]? { nil }
    func renest(_ slot: Slot, to path: FieldPath) -> [Splice]? { nil }
}
