/// Gives front matter to a document that has none, as YAML.
struct FrontMatterCreator: FrontMatterSplicer {
    let document: Document

    func add(
        _ member: Value.Member, to map: Node, at path: FieldPath
    ) throws(EditError) -> [Splice] {
        let newline = document.lineEnding.bytes
        let fence = [ASCII.dash, ASCII.dash, ASCII.dash] + newline
        let style = YAMLStyle(FrontMatter(absentFrom: document))
        let lines = try YAMLValueWriter(style).entry(member, indent: 0)
        let start = document.byteOrderMark.upperBound
        return [
            Splice(
                offset: start, removed: [],
                inserted: fence + lines.flatMap { $0 + newline } + fence)
        ]
    }

    // An empty root has nothing else to edit, so the planner never comes here.
    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice] {
        throw .missing(slot.path)
    }

    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice] {
        throw .missing(path)
    }

    func remove(_ slot: Slot) throws(EditError) -> [Splice] { throw .missing(slot.path) }

    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice] {
        throw .missing(slot.path)
    }
}
