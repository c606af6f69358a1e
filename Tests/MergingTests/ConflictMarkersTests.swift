import Merging
import Testing

@Suite struct ConflictMarkersTests {
    @Test(arguments: [
        ("", 0),
        ("Heading\n=======\n\ntext\n", 0),
        ("<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\n", 1),
        ("<<<<<<<\r\nours\r\n=======\r\ntheirs\r\n>>>>>>>\r\n", 1),
        (
            "<<<<<<< a\no\n||||||| b\nb\n=======\nt\n>>>>>>> c\ntext\n<<<<<<< a\n=======\n>>>>>>> c",
            2
        ),
        (">>>>>>> c\n=======\n<<<<<<< a\n", 0),
        ("<<<<<<< a\n>>>>>>> c\n", 0),
        ("<<<<<<<< eight\n========\n>>>>>>>> eight\n", 0),
        ("<<<<<<< a\n======= no label here\n>>>>>>> c\n", 0),
        ("  <<<<<<< quoted\n  =======\n  >>>>>>> quoted\n", 0),
        ("<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> c\n", 1),
    ])
    func triplesAreConflicts(_ text: String, _ count: Int) {
        #expect(ConflictMarkers.conflicts(in: Array(text.utf8)).count == count)
    }

    @Test func regionsAreWholeLines() {
        let text = "before\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\nafter\n"
        let regions = ConflictMarkers.conflicts(in: Array(text.utf8))
        let marked = regions.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        #expect(marked == ["<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"])
    }

    @Test func otherSizes() {
        let text = Array("<<< a\n===\n>>> b\n".utf8)
        #expect(ConflictMarkers.conflicts(in: text, size: 3).count == 1)
        #expect(ConflictMarkers.conflicts(in: text).isEmpty)
    }
}
