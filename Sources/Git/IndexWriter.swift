internal import Clibcrypto
internal import Platform

extension IndexFile {
    /// The bytes of an index that is being written.
    struct Writer {
        private var bytes: [UInt8] = []
        private var count = 0
        private var previous: [UInt8] = []
        private let version: UInt32
        /// The index that entries are copied from.
        private let source: [UInt8]
        /// Entries that are to be copied together.
        private var run: Range<Int> = 0..<0

        init(from index: IndexFile, capacity: Int) {
            version = index.version
            source = index.bytes
            bytes.reserveCapacity(capacity)
            bytes += Array("DIRC".utf8)
            append(version)
            append(UInt32(0))
        }

        private mutating func append(_ number: UInt32) {
            bytes += [
                UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16),
                UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
            ]
        }

        /// Appends an entry, with the marks of the user's that the one before it had: its file
        /// is assumed unchanged, or skipped.
        mutating func append(_ name: [UInt8], _ change: Change, marked before: Entry?) {
            guard case .set(let mode, let id, let status) = change else { return }
            flush()
            let start = bytes.count
            let stat = status.map { Stat($0) } ?? Stat()
            for number in stat.changed + stat.modified + [stat.device, stat.inode] {
                append(number)
            }
            append(mode.rawValue)
            for number in [stat.user, stat.group, stat.size] { append(number) }
            bytes += id.rawBytes
            let length = min(name.count, 0xfff)
            var flags = UInt8(length >> 8)
            if before?.isAssumedUnchanged ?? false { flags |= 0x80 }
            // Only an index of version 3 or later has had the mark, and has two bytes for it.
            let skips = before?.skipsWorkTree ?? false
            if skips { flags |= 0x40 }
            bytes += [flags, UInt8(length & 0xff)] + (skips ? [0x40, 0] : [])
            finishName(name, from: start)
        }

        /// Copies an entry of the source, without its size where that is said.
        mutating func copy(_ place: Place, _ name: [UInt8], withoutSize: Bool) {
            let range = place.range
            if version != 4, !withoutSize {
                count += 1
                if run.upperBound != range.lowerBound {
                    flush()
                    run = range
                } else {
                    run = run.lowerBound..<range.upperBound
                }
                return
            }
            flush()
            let start = bytes.count
            // In version 4 an entry says how much of the name before it to drop: it can stay
            // as it is only after a name as long as the one it had before it.
            let isFollowing =
                version != 4
                || place.shared + place.dropped == previous.count
                    && previous.prefix(place.shared).elementsEqual(name.prefix(place.shared))
            let fixed = source[range.lowerBound + 60] & 0x40 != 0 ? 64 : 62
            if isFollowing {
                bytes += source[range]
                count += 1
                if version == 4 { previous = name }
            } else {
                bytes += source[range.lowerBound..<(range.lowerBound + fixed)]
                finishName(name, from: start)
            }
            if withoutSize {
                bytes.replaceSubrange((start + 36)..<(start + 40), with: [0, 0, 0, 0])
            }
        }

        private mutating func flush() {
            bytes += source[run]
            run = run.upperBound..<run.upperBound
        }

        private mutating func finishName(_ name: [UInt8], from start: Int) {
            count += 1
            guard version == 4 else {
                bytes += name
                let length = bytes.count - start
                bytes += [UInt8](repeating: 0, count: 8 - length % 8)
                return
            }
            let shared = commonPrefix(with: name)
            var dropped = previous.count - shared
            var digits = [UInt8(dropped & 127)]
            while dropped >> 7 != 0 {
                dropped = dropped >> 7 - 1
                digits.append(UInt8(dropped & 127) | 128)
            }
            bytes += digits.reversed()
            bytes += name[shared...]
            bytes.append(0)
            previous = name
        }

        private func commonPrefix(with name: [UInt8]) -> Int {
            zip(previous, name).prefix { $0 == $1 }.count
        }

        mutating func appendExtension(_ signature: String, _ data: [UInt8]) {
            flush()
            bytes += Array(signature.utf8)
            append(UInt32(data.count))
            bytes += data
        }

        mutating func finish(isHashed: Bool) -> [UInt8] {
            flush()
            for index in 0..<4 {
                bytes[8 + index] = UInt8(truncatingIfNeeded: count >> (24 - 8 * index))
            }
            var digest = [UInt8](repeating: 0, count: 20)
            if isHashed {
                unsafe bytes.withUnsafeBufferPointer { input in
                    unsafe digest.withUnsafeMutableBufferPointer { output in
                        _ = unsafe SHA1(input.baseAddress, input.count, output.baseAddress)
                    }
                }
            }
            bytes += digest
            return bytes
        }
    }
}
