/// Turns edits of TOML front matter into splices.
struct TOMLSplicer: FrontMatterSplicer {
    init(_ frontMatter: FrontMatter, _ block: FrontMatterBlock) {}
    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice] { [] }
    func add(_ member: Value.Member, to map: Node, at path: FieldPath) throws(EditError) -> [Splice] { [] }
    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice] { [] }
    func remove(_ slot: Slot) throws(EditError) -> [Splice] { [] }
    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice] { [] }
}
