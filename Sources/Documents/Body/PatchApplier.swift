/// Applies a patch to a document's body, with no fuzz: every line of context must be there.
struct PatchApplier {
    private let document: Document
    private let lines: [ArraySlice<UInt8>]
    /// The number of the body's first line, from 0.
    private let firstBodyLine: Int

    init(_ document: Document) {
        self.document = document
        lines = TextLines.split(document.bytes[document.byteOrderMark.upperBound...])
        let before = document.bytes[document.byteOrderMark.upperBound..<document.body.lowerBound]
        firstBodyLine = before.count { $0 == ASCII.newline }
    }

    /// The splices of a patch; all hunks or none.
    ///
    /// A hunk's line numbers may count from the document's start or from the body's; where
    /// neither fits, a hunk goes to the only place that its lines fit.
    func splices(_ patch: UnifiedDiff) throws(EditError) -> [Splice] {
        for origin in [0, firstBodyLine] {
            if let places = places(of: patch, origin: origin) { return splices(patch, at: places) }
        }
        var places: [Int] = []
        var floor = 0
        for (index, hunk) in patch.hunks.enumerated() {
            let place = try onlyPlace(of: hunk, number: index + 1, from: floor)
            places.append(place)
            floor = place + hunk.old.count
        }
        return splices(patch, at: places)
    }

    /// Where every hunk goes by its own line numbers, or `nil` when one does not fit there.
    private func places(of patch: UnifiedDiff, origin: Int) -> [Int]? {
        var places: [Int] = []
        var floor = 0
        for hunk in patch.hunks {
            // A hunk without old lines names the line that it comes after.
            let place = origin + hunk.oldStart - (hunk.old.isEmpty ? 0 : 1)
            guard place >= floor, fits(hunk, at: place) else { return nil }
            places.append(place)
            floor = place + hunk.old.count
        }
        return places
    }

    private func fits(_ hunk: UnifiedDiff.Hunk, at place: Int) -> Bool {
        guard place >= 0, place + hunk.old.count <= lines.count,
            place + hunk.leadingContext >= firstBodyLine
        else { return false }
        return hunk.old.indices.allSatisfy { lines[place + $0].elementsEqual(hunk.old[$0]) }
    }

    private func onlyPlace(
        of hunk: UnifiedDiff.Hunk, number: Int, from floor: Int
    ) throws(EditError) -> Int {
        guard !hunk.old.isEmpty else {
            throw .hunkFailed(
                number: number, reason: "line \(hunk.oldStart) is not in the body")
        }
        var found: Int?
        for place in floor..<max(floor, lines.count) where fits(hunk, at: place) {
            if let found {
                throw .hunkFailed(
                    number: number,
                    reason: "its lines are there twice, at \(found + 1) and \(place + 1)")
            }
            found = place
        }
        guard let found else {
            throw .hunkFailed(number: number, reason: mismatch(hunk, from: floor))
        }
        return found
    }

    private func mismatch(_ hunk: UnifiedDiff.Hunk, from floor: Int) -> String {
        func bare(_ line: some Collection<UInt8>) -> [UInt8] {
            Array(line).filter { !$0.isBreak }
        }
        let old = hunk.old.map { bare($0) }
        for place in floor..<max(floor, lines.count - old.count + 1)
        where old.indices.allSatisfy({ bare(lines[place + $0]) == old[$0] }) {
            return place + hunk.leadingContext < firstBodyLine
                ? "it changes the front matter" : "its lines end otherwise than the body's"
        }
        return "its lines are not in the body"
    }

    private func splices(_ patch: UnifiedDiff, at places: [Int]) -> [Splice] {
        zip(patch.hunks, places).compactMap { hunk, place in
            let whole =
                place < lines.count ? lines[place].startIndex : document.bytes.endIndex
            return Splice(
                offset: whole, removed: Array(hunk.old.joined()), inserted: Array(hunk.new.joined())
            ).trimmed()
        }
    }
}
