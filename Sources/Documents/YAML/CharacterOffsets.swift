/// Turns libyaml's marks, which count characters, into byte offsets.
///
/// Every 64th character's offset is kept, so a look-up costs no more than 64 steps.
struct CharacterOffsets {
    private let bytes: ArraySlice<UInt8>
    /// Empty when each character is one byte.
    private var every64th: [Int] = []

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        bytes.withUnsafeBufferPointer { buffer in
            var high: UInt8 = 0
            for byte in buffer { high |= byte }
            guard high >= 0x80 else { return }
            var characters = 0
            for offset in buffer.indices where !buffer[offset].isContinuation {
                if characters % 64 == 0 { every64th.append(offset) }
                characters += 1
            }
        }
    }

    /// The offset, in the sliced array's own indices, of the character with this number.
    func byteOffset(ofCharacter index: Int) -> Int {
        guard !every64th.isEmpty else { return min(bytes.startIndex + index, bytes.endIndex) }
        guard index / 64 < every64th.count else { return bytes.endIndex }
        var offset = bytes.startIndex + every64th[index / 64]
        var remaining = index % 64
        while offset < bytes.endIndex {
            if !bytes[offset].isContinuation {
                if remaining == 0 { return offset }
                remaining -= 1
            }
            offset += 1
        }
        return offset
    }
}
