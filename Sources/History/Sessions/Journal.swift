import Platform
import SystemPackage

/// An append-only file of records, each with its length and checksum.
///
/// The file starts with a line that names the format. A record is its payload's length and
/// CRC-32C, both four bytes, little end first, and the payload. A kill or a power cut can
/// leave a torn record at the end: what follows the last good record is cut off when the
/// journal is next written, kept aside, and reported.
struct Journal {
    private static let signature = Array("docvc journal 1\n".utf8)
    private static let newerSignature = Array("docvc journal ".utf8)
    /// No record of docvc's comes near; a length above it is damage.
    private static let largestRecord = 1 << 30

    let path: FilePath
    /// Where a new journal is written before it takes the old one's place.
    private let draft: FilePath
    /// The payloads of the good records, in order.
    private(set) var records: [[UInt8]] = []
    /// What follows the last good record; empty unless the file is damaged.
    private(set) var tail: [UInt8] = []
    /// The file that a damaged tail was kept in; nil where none was, or not yet.
    private(set) var tailFile: FilePath?
    /// The file's length; 0 where there is none yet.
    private(set) var length = 0
    /// Whether the first line is not what it should be.
    private var hasBadSignature = false

    /// Whether the file holds what no whole journal does.
    var isDamaged: Bool { !tail.isEmpty || hasBadSignature }

    /// Whether nothing was ever written: no file, or one that a kill left with a part of its
    /// first line.
    var isBlank: Bool { records.isEmpty && Journal.signature.starts(with: tail) }

    /// The journal at `path`; without records where there is no file yet.
    ///
    /// A damaged first line costs nothing that follows it.
    init(_ path: FilePath, draft: FilePath, files: FileSystem) throws(HistoryError) {
        try self.init(path, draft: draft, lifting { try files.readIfPresent(path) })
    }

    /// A journal at `path` that holds `bytes`; nil where there is no file.
    init(_ path: FilePath, draft: FilePath, _ bytes: [UInt8]?) throws(HistoryError) {
        self.path = path
        self.draft = draft
        guard let bytes else { return }
        length = bytes.count
        var offset = min(Journal.signature.count, bytes.count)
        hasBadSignature = !bytes.starts(with: Journal.signature)
        while let record = Journal.record(in: bytes, at: offset) {
            records.append(Array(bytes[record]))
            offset = record.upperBound
        }
        if hasBadSignature && records.isEmpty {
            // Nothing of it can be read: is it another version's, or damage?
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
            let version = line.dropFirst(Journal.newerSignature.count)
            if line.starts(with: Journal.newerSignature), !version.isEmpty,
                version.allSatisfy({ (48...57).contains($0) }), line.count < bytes.count
            {
                throw .badState("\(path) was written by a newer version of docvc")
            }
            offset = 0
        }
        tail = Array(bytes[offset...])
    }

    private static func record(in bytes: [UInt8], at offset: Int) -> Range<Int>? {
        func number(_ start: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        }
        guard offset + 8 <= bytes.count else { return nil }
        let length = number(offset)
        guard length <= largestRecord, offset + 8 + length <= bytes.count else { return nil }
        let payload = (offset + 8)..<(offset + 8 + length)
        guard Int(CRC32C.checksum(bytes[payload])) == number(offset + 4) else { return nil }
        return payload
    }

    private static func frame(_ payload: [UInt8]) -> [UInt8] {
        func four(_ number: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
        }
        return four(UInt32(payload.count)) + four(CRC32C.checksum(payload)) + payload
    }

    /// The bytes of a whole journal that holds `payloads`.
    static func bytes(of payloads: [[UInt8]]) -> [UInt8] {
        signature + payloads.flatMap { frame($0) }
    }

    /// Drops the records from `index` on: their checksums are right, what they say is not.
    /// They are kept aside with the rest of the tail.
    mutating func cut(at index: Int) {
        tail = records[index...].flatMap { Journal.frame($0) } + tail
        records.removeSubrange(index...)
    }

    /// Adds `payloads`, durably: after a kill, a first part of them may be there. Only under
    /// the docvc lock.
    mutating func append(_ payloads: [[UInt8]], files: FileSystem) throws(HistoryError) {
        if records.isEmpty || isDamaged {
            return try replace(with: records + payloads, files: files)
        }
        let added = payloads.flatMap { Journal.frame($0) }
        let before = length
        try lifting {
            let file = try files.openForAppending(path)
            do throws(FileError) {
                try file.write(added)
                try file.sync()
            } catch {
                // What was refused must not come back with the next start.
                guard (try? file.truncate(to: Int64(before))) != nil else {
                    throw HistoryError.unsettled(.file(error))
                }
                throw error
            }
        }
        records += payloads
        length += added.count
    }

    /// Makes the records `earlier` again, which the journal held before, durably. Only under the
    /// docvc lock.
    mutating func restore(_ earlier: [[UInt8]], files: FileSystem) throws(HistoryError) {
        guard records.starts(with: earlier) else {
            // It was compacted since.
            return try replace(with: earlier, files: files)
        }
        let count = earlier.count
        guard count < records.count else { return }
        let added = records[count...].reduce(0) { $0 + 8 + $1.count }
        let length = length - added
        try lifting {
            let file = try files.openForAppending(path)
            try file.truncate(to: Int64(length))
            try file.sync()
        }
        records.removeSubrange(count...)
        self.length = length
    }

    /// Removes the file, durably. Only under the docvc lock.
    mutating func remove(_ files: FileSystem) throws(FileError) {
        try files.remove(path)
        try files.syncFolder(path.removingLastComponent())
        records = []
        length = 0
    }

    /// Replaces the whole journal with `payloads`, at one instant and durably; a damaged tail
    /// is kept beside it as `<name>.damaged-<n>`. Only under the docvc lock.
    mutating func replace(with payloads: [[UInt8]], files: FileSystem) throws(HistoryError) {
        let bytes = Journal.bytes(of: payloads)
        try lifting {
            try files.makeFolders(path.removingLastComponent())
            if !tail.isEmpty { tailFile = try keepTail(files) }
            do throws(FileError) {
                try files.put(bytes, at: path, by: draft)
            } catch {
                guard (try? files.readIfPresent(path)) != bytes else {
                    throw HistoryError.unsettled(.file(error))
                }
                throw error
            }
        }
        records = payloads
        tail = []
        hasBadSignature = false
        length = bytes.count
    }

    private func keepTail(_ files: FileSystem) throws(FileError) -> FilePath {
        var number = 0
        while true {
            number += 1
            let name = path.appendingToName(".damaged-\(number)")
            if let present = try files.readIfPresent(name) {
                // The same tail again: a kill came between keeping it and cutting it off.
                if present == tail { return name }
                continue
            }
            try files.replace(name, with: tail, by: draft)
            return name
        }
    }
}
