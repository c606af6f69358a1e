internal import Git
internal import Platform

/// Writes values one after the other, as the journal's records hold them.
///
/// Numbers are LEB128, little end first; texts and bytes have their length before them; what
/// may be missing has a byte 0 or 1 before it.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ content: [UInt8]) {
        write(content.count)
        bytes += content
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ id: ObjectID) { bytes += id.rawBytes }

    mutating func write(_ time: Timestamp) {
        write(Int(time.seconds))
        write(time.milliseconds)
        write(time.offset)
    }

    mutating func write<Value>(
        _ value: Value?, _ body: (inout RecordWriter, Value) -> Void
    ) {
        write(value != nil)
        if let value { body(&self, value) }
    }
}

/// A record's payload that does not hold what it should.
struct BadRecord: Error {}

/// Reads what a `RecordWriter` wrote.
struct RecordReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all of it was read.
    var isAtEnd: Bool { offset == bytes.count }

    private mutating func byte() throws(BadRecord) -> UInt8 {
        guard offset < bytes.count else { throw BadRecord() }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func number() throws(BadRecord) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return Int(Int64(bitPattern: value)) }
        }
        throw BadRecord()
    }

    /// A number that is counted up, as a sequence or a place in a text is; one that no counting
    /// comes to is damage.
    mutating func ordinal() throws(BadRecord) -> Int {
        let number = try number()
        guard (0...RevisionID.highestNumber).contains(number) else { throw BadRecord() }
        return number
    }

    /// A number of things, each of which takes a byte at least.
    mutating func count() throws(BadRecord) -> Int {
        let count = try number()
        guard count >= 0, count <= bytes.count - offset else { throw BadRecord() }
        return count
    }

    mutating func flag() throws(BadRecord) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw BadRecord()
        }
    }

    mutating func content() throws(BadRecord) -> [UInt8] {
        let count = try count()
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    mutating func text() throws(BadRecord) -> String {
        guard let text = String(validating: try content(), as: UTF8.self) else {
            throw BadRecord()
        }
        return text
    }

    mutating func objectID() throws(BadRecord) -> ObjectID {
        guard let id = ObjectID(bytes, at: offset) else { throw BadRecord() }
        offset += 20
        return id
    }

    mutating func time() throws(BadRecord) -> Timestamp {
        let (seconds, milliseconds, offset) = (try number(), try number(), try number())
        // Years that RFC 3339 can say: a journal may come from anybody, and times are subtracted.
        guard (-62_135_596_800...253_402_300_799).contains(seconds),
            (0..<1_000).contains(milliseconds), offset.magnitude < 86_400
        else { throw BadRecord() }
        return Timestamp(seconds: Int64(seconds), milliseconds: milliseconds, offset: offset)
    }

    mutating func optional<Value>(
        _ body: (inout RecordReader) throws(BadRecord) -> Value
    ) throws(BadRecord) -> Value? {
        try flag() ? try body(&self) : nil
    }
}
