import Documents

/// Proves what a caller decided about a conflict, as the gates prove what the rules did.
struct AnswerCheck {
    let texts: Sides<[UInt8]>
    let markerSize: Int

    /// Why an answer cannot stand in the place of a conflict, or `nil`.
    ///
    /// It may say what becomes of the question's subject and of nothing else: the front matter
    /// ends where it did, and every other key has the value that the merge decided.
    func fault(
        of answer: [UInt8], to question: MergeQuestion, at index: Int, in chunks: [Chunk]
    ) -> String? {
        if answer.contains(0) { return "it holds a NUL" }
        guard ConflictMarkers.conflicts(in: answer, size: markerSize).isEmpty else {
            return "it holds conflict markers"
        }
        var answered = chunks
        answered[index] = .merged([Piece(made: answer, .hook)])
        if let fault = readingFault(answered) { return fault }
        // The side's own lines were proven already.
        if answer == question.ours || answer == question.theirs { return nil }
        guard let ours = reading(chunks, .ours), let theirs = reading(chunks, .theirs) else {
            return nil
        }
        for (side, before) in [(MergeSide.ours, ours), (.theirs, theirs)] {
            guard let after = reading(answered, side) else { continue }
            let start = Array(chunks[..<index]).bytes(settledFor: side, in: texts).count
            let lines = side == .ours ? question.ours : question.theirs
            guard
                isEndKept(
                    after, before, question.subject, place: start..<(start + lines.count),
                    answer: answer)
            else { return "the front matter would end elsewhere" }
            switch question.subject {
            case .key(let path):
                let keys = path.keys
                guard after.value.without(keys).means(before.value.without(keys)) else {
                    return "another key than \(path) would change"
                }
                guard (after.value.descendant(keys) == nil) == answer.isEmpty else {
                    return "\(path) would not be there"
                }
            case .comment, .frontMatter, .body, .document:
                guard after.value.keepsWhatIsEqual(in: ours.value, and: theirs.value) else {
                    return "a key would change that both sides agree on"
                }
            }
        }
        return nil
    }

    /// Why the front matter would read as that of neither side, or `nil`.
    func readingFault(_ chunks: [Chunk]) -> String? {
        func front(_ bytes: [UInt8]) -> FrontMatter? { try? Document(bytes).readFrontMatter() }
        guard let ours = front(texts.ours), let theirs = front(texts.theirs) else { return nil }
        for side in [MergeSide.ours, .theirs] {
            do {
                let read = try Document(chunks.bytes(settledFor: side, in: texts)).readFrontMatter()
                if let path = read.root.duplicate(at: FieldPath([])),
                    ours.root.duplicate(at: FieldPath([])) == nil,
                    theirs.root.duplicate(at: FieldPath([])) == nil
                {
                    return "\(path) would be there twice"
                }
            } catch {
                return "the front matter could not be read: \(error)"
            }
        }
        return nil
    }

    private func reading(_ chunks: [Chunk], _ side: MergeSide) -> FrontMatter? {
        try? Document(chunks.bytes(settledFor: side, in: texts)).readFrontMatter()
    }

    /// Whether the front matter still ends where it did, which an answer in it has moved.
    private func isEndKept(
        _ after: FrontMatter, _ before: FrontMatter, _ subject: ConflictSubject,
        place: Range<Int>, answer: [UInt8]
    ) -> Bool {
        let start = FrontMatterMerge.region(before.document).upperBound
        let end = FrontMatterMerge.region(after.document).upperBound
        switch subject {
        case .body: return end == start
        case .document: return true
        case .key, .comment, .frontMatter:
            // Lines that conflict may reach from the front matter into the body.
            return place.upperBound > start || end == start - place.count + answer.count
        }
    }
}
