/// A document's front matter, parsed: typed values, each with its place in the bytes.
public struct FrontMatter: Sendable {
    /// How deep values may be nested; what is nested deeper does not parse.
    ///
    /// Real front matter stays below 10; the bound keeps every walk over the tree on the stack.
    public static let depthLimit = 128

    /// The document it was read from.
    public let document: Document
    /// The fences; `nil` when the document has no front matter.
    public let block: FrontMatterBlock?
    /// The root, always a map.
    public let root: Node
    /// The statements of a TOML document.
    let layout: TOMLLayout?
    /// The names that YAML aliases use.
    let usedAnchors: Set<Text>
    private let lines: LineIndex

    init(
        _ document: Document, _ block: FrontMatterBlock?, root: Node, layout: TOMLLayout? = nil,
        usedAnchors: Set<Text> = []
    ) {
        self.document = document
        self.block = block
        self.root = root
        self.layout = layout
        self.usedAnchors = usedAnchors
        lines = LineIndex(Array(document.bytes[..<(block?.closing.upperBound ?? 0)]))
    }

    init(absentFrom document: Document) {
        let start = document.byteOrderMark.upperBound
        let root = Node(
            content: .mapping(Mapping([])), style: .block, range: start..<start, properties: nil)
        self.init(document, nil, root: root)
    }

    /// The entries of the root.
    public var entries: [Mapping.Entry] { root.mapping?.entries ?? [] }

    /// The root's value.
    public var value: Value { root.value }

    /// The line and column of an offset in the front matter.
    public func position(at offset: Int) -> Position { lines.position(at: offset) }

    /// The source text of a range.
    public func source(_ range: Range<Int>) -> String {
        String(decoding: document.bytes[range], as: UTF8.self)
    }

    /// The node that a path names, or `nil`; of a key that is there twice the last one.
    ///
    /// Aliases and merge keys are not followed.
    public func node(at path: FieldPath) -> Node? {
        var node = root
        for step in path.steps {
            switch step {
            case .key(let key):
                guard let entry = node.mapping?[key] else { return nil }
                node = entry.value
            case .index(let index):
                guard let items = node.items, items.indices.contains(index) else { return nil }
                node = items[index]
            }
        }
        return node
    }

    /// The entry that a path's last key names, or `nil`.
    public func entry(at path: FieldPath) -> Mapping.Entry? {
        guard case .key(let key)? = path.steps.last, let parent = path.parent else { return nil }
        return node(at: parent)?.mapping?[key]
    }

    /// The paths of every key and item that a path can name, parents before children.
    ///
    /// Keys that are there twice are left out, and what is below them.
    public var paths: [FieldPath] {
        var paths: [FieldPath] = []
        func visit(_ node: Node, _ path: FieldPath) {
            switch node.content {
            case .mapping(let mapping):
                for entry in mapping.entries
                where !entry.isComplex && !mapping.duplicates.contains(entry.key) {
                    let child = path.appending(.key(entry.key))
                    paths.append(child)
                    visit(entry.value, child)
                }
            case .sequence(let items):
                for (index, item) in items.enumerated() {
                    let child = path.appending(.index(index))
                    paths.append(child)
                    visit(item, child)
                }
            case .scalar, .alias: break
            }
        }
        visit(root, FieldPath([]))
        return paths
    }
}
