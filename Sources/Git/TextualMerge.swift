internal import Clibgit2

/// Git's own merge of text, as libgit2 has it: by lines, with nothing known of documents.
public struct TextualMerge: Sendable {
    /// The merged text, with conflict markers where it is not clean.
    public let bytes: [UInt8]
    /// Whether there is no conflict.
    public let isClean: Bool

    /// Merges three texts; nil where one is binary or too large to be merged.
    ///
    /// - Parameters:
    ///   - markerSize: how many characters a marker has.
    ///   - labels: the names behind the markers, for ours and theirs.
    public init?(
        base: [UInt8], ours: [UInt8], theirs: [UInt8], markerSize: Int,
        labels: (ours: String, theirs: String)
    ) {
        guard ![base, ours, theirs].contains(where: { $0.prefix(8000).contains(0) }) else {
            return nil
        }
        LibGit2.start
        var options = unsafe git_merge_file_options()
        guard
            unsafe git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION))
                == 0
        else { return nil }
        unsafe options.marker_size = UInt16(clamping: markerSize)
        var result = unsafe git_merge_file_result()
        defer { unsafe git_merge_file_result_free(&result) }
        let status = unsafe labels.ours.withCString { ourLabel in
            unsafe labels.theirs.withCString { theirLabel in
                unsafe options.our_label = unsafe ourLabel
                unsafe options.their_label = unsafe theirLabel
                return unsafe TextualMerge.withInput(base) { base in
                    unsafe TextualMerge.withInput(ours) { ours in
                        unsafe TextualMerge.withInput(theirs) { theirs in
                            unsafe git_merge_file(&result, base, ours, theirs, &options)
                        }
                    }
                }
            }
        }
        guard status == 0 else {
            git_error_clear()
            return nil
        }
        bytes =
            unsafe result.ptr.map {
                unsafe Array(UnsafeRawBufferPointer(start: $0, count: result.len))
            } ?? []
        isClean = unsafe result.automergeable != 0
    }

    private static func withInput(
        _ bytes: [UInt8], _ body: (UnsafePointer<git_merge_file_input>) -> Int32
    ) -> Int32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                var input = unsafe git_merge_file_input()
                unsafe git_merge_file_input_init(
                    &input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
                unsafe input.ptr = characters.baseAddress
                unsafe input.size = characters.count
                return unsafe body(&input)
            }
        }
    }
}
