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
    /// No record of docvc's comes near; a length above it is damage.
    private static let largestRecord = 1 << 28

    let path: FilePath
    /// The payloads of the good records, in order.
    private(set) var records: [[UInt8]] = []
    /// What follows the last good record; empty unless the file is damaged.
    private(set) var tail: [UInt8] = []

    /// The journal at `path`; without records where there is no file yet.
    init(_ path: FilePath, files: FileSystem) throws(HistoryError) {
        self.path = path
        guard let bytes = try lifting({ try files.readIfPresent(path) }) else { return }
        guard bytes.starts(with: Journal.signature) else {
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
            if line.starts(with: Array("docvc journal ".utf8)), line.count < bytes.count {
                throw .badState("\(path) was written by a newer version of docvc")
            }
            tail = bytes
            return
        }
        var offset = Journal.signature.count
        while let record = Journal.record(in: bytes, at: offset) {
            records.append(Array(bytes[record]))
            offset = record.upperBound
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

    /// Adds `payload`, durably. Only under the docvc lock.
    mutating func append(_ payload: [UInt8], files: FileSystem) throws(HistoryError) {
        if records.isEmpty || !tail.isEmpty {
            return try replace(with: records + [payload], files: files)
        }
        try lifting {
            let file = try files.openForAppending(path)
            try file.write(Journal.frame(payload))
            try file.sync()
        }
        records.append(payload)
    }

    /// Replaces the whole journal with `payloads`, at one instant and durably; a damaged tail
    /// is kept beside it as `<name>.damaged`. Only under the docvc lock.
    mutating func replace(with payloads: [[UInt8]], files: FileSystem) throws(HistoryError) {
        try lifting {
            try files.makeFolders(path.removingLastComponent())
            if !tail.isEmpty { try files.replace(path.appendingToName(".damaged"), with: tail) }
            try files.replace(
                path, with: Journal.signature + payloads.flatMap { Journal.frame($0) })
        }
        records = payloads
        tail = []
    }
}
