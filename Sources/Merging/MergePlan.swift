import Documents

/// The merge of three normalized texts, with the places that are left open.
struct MergePlan {
    private(set) var chunks: [Chunk] = []
    private(set) var diagnostics: [MergeDiagnostic] = []
    let texts: Sides<[UInt8]>
    private let options: MergeOptions

    /// Texts of more bytes are merged line by line only: no document is that large.
    static let sizeLimit = 8 << 20

    init(_ texts: Sides<[UInt8]>, _ options: MergeOptions) {
        self.texts = texts
        self.options = options
        let documents = texts.map { Document($0) }
        if let side = MergeSide.allCases.first(where: { texts[$0].count > MergePlan.sizeLimit }) {
            diagnostics.append(.tooLarge(side))
            let merge = LineMerge(texts: texts, mode: .text, subject: { _ in .document })
            chunks = TextualGates(texts, documents, options).checked(
                merge.chunksBetweenEnds())
            return
        }
        let read = readable(documents)
        guard let base = read[.base], let ours = read[.ours], let theirs = read[.theirs] else {
            chunks = textual(documents) { _ in .document }
            return
        }
        let frontMatter = Sides(base: base, ours: ours, theirs: theirs)
        do {
            let structured = try StructuredMerge(texts, frontMatter, options)
            let gates = Gates(
                texts: texts, frontMatter: frontMatter, structured: structured, options: options)
            guard let fault = gates.fault() else {
                chunks = structured.chunks
                diagnostics += structured.diagnostics
                return
            }
            diagnostics.append(fault)
        } catch {
            diagnostics.append(.notByKey(error.reason))
        }
        let body = FrontMatterMerge.region(documents.ours).upperBound
        chunks = textual(documents) { $0.ours.lowerBound < body ? .frontMatter : .body }
    }

    private func textual(
        _ documents: Sides<Document>,
        _ subject: @escaping (Sides<Range<Int>>) -> ConflictSubject
    ) -> [Chunk] {
        let merge = LineMerge(texts: texts, mode: .text, subject: subject)
        return TextualGates(texts, documents, options).checked(
            merge.chunks(texts.map { 0..<$0.count }))
    }

    /// The front matter of each side that can be merged by key.
    private mutating func readable(_ documents: Sides<Document>) -> [MergeSide: FrontMatter] {
        var read: [MergeSide: FrontMatter] = [:]
        for side in MergeSide.allCases {
            guard ConflictMarkers.conflicts(in: texts[side]).isEmpty,
                ParseableConflict.conflicts(in: texts[side]).isEmpty
            else {
                diagnostics.append(.conflictMarkers(side))
                continue
            }
            do {
                let frontMatter = try documents[side].readFrontMatter()
                if let path = frontMatter.root.duplicate(at: FieldPath([])) {
                    diagnostics.append(.duplicateKey(side, path))
                    continue
                }
                read[side] = frontMatter
            } catch {
                diagnostics.append(.unreadable(side, error))
            }
        }
        return read
    }
}

extension Node {
    /// The path of a key that is there twice, or `nil`.
    func duplicate(at path: FieldPath) -> FieldPath? {
        switch content {
        case .scalar, .alias: return nil
        case .sequence(let items):
            for (index, item) in items.enumerated() {
                if let found = item.duplicate(at: path.appending(.index(index))) { return found }
            }
        case .mapping(let mapping):
            if let key = mapping.duplicates.min() { return path.appending(.key(key)) }
            for entry in mapping.entries {
                if let found = entry.value.duplicate(at: path.appending(.key(entry.key))) {
                    return found
                }
            }
        }
        return nil
    }
}
