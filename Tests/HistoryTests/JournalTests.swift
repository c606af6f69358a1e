import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

@Suite struct JournalTests {
    /// CRC-32C of "123456789" (RFC 3720, appendix B.4 gives others of the same polynomial).
    @Test func checksumIsCastagnolis() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    }

    @Test func recordsComeBack() throws {
        try withJournal { path, files in
            let journal = try Journal(path, draft: path.appendingToName(".new"), files: files)
            #expect(journal.records == [[1, 2, 3], [], Array("four".utf8)])
            #expect(journal.tail.isEmpty)
        }
    }

    /// Cut off at any length, the journal has the records before the cut, and goes on.
    @Test func truncationLosesNothingBefore() throws {
        try withJournal { path, files in
            let whole = try files.read(path)
            for length in 0..<whole.count {
                try files.replace(path, with: whole[..<length])
                var journal = try Journal(path, draft: path.appendingToName(".new"), files: files)
                let expected: [[UInt8]] = [[1, 2, 3], [], Array("four".utf8)]
                #expect(expected.starts(with: journal.records))
                let before = journal.records
                try journal.append([[9]], files: files)
                let again = try Journal(path, draft: path.appendingToName(".new"), files: files)
                #expect(again.records == before + [[9]])
                #expect(again.tail.isEmpty)
            }
        }
    }

    /// A flipped bit is found, and what is before it stays.
    @Test func flippedBitsAreFound() throws {
        try withJournal { path, files in
            let whole = try files.read(path)
            for index in 0..<whole.count {
                for bit in 0..<8 {
                    var damaged = whole
                    damaged[index] ^= 1 << UInt8(bit)
                    try files.remove(path)
                    try files.create(path).write(damaged)
                    let journal = try Journal(
                        path, draft: path.appendingToName(".new"), files: files)
                    #expect(journal.isDamaged)
                    let all: [[UInt8]] = [[1, 2, 3], [], Array("four".utf8)]
                    let before = index < 16 ? 3 : index < 27 ? 0 : index < 35 ? 1 : 2
                    #expect(journal.records == Array(all[..<before]))
                }
            }
        }
    }

    @Test func newerJournalsAreRefused() throws {
        try withJournal { path, files in
            try files.replace(path, with: "docvc journal 2\n".utf8)
            #expect(throws: HistoryError.self) {
                try Journal(path, draft: path.appendingToName(".new"), files: files)
            }
        }
    }

    private func withJournal(_ body: (FilePath, FileSystem) throws -> Void) throws {
        let repository = try TemporaryRepository(initialized: false)
        let files = FileSystem()
        let path = repository.folder.appending("journal")
        var journal = try Journal(path, draft: path.appendingToName(".new"), files: files)
        for record: [UInt8] in [[1, 2, 3], [], Array("four".utf8)] {
            try journal.append([record], files: files)
        }
        try body(path, files)
    }
}
