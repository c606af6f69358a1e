// libFuzzer over parse, edit and verify. Built only with DOCVC_FUZZ=1:
//
//     export SWIFT_RUNTIMES="$(dirname "$(find "$(dirname "$(readlink -f "$(command -v swift)")")/.." \
//         -name 'libclang_rt.fuzzer_no_main-x86_64.a')")"
//     DOCVC_FUZZ=1 swift build -c release --product FuzzDocuments --scratch-path .build/fuzz
//     .build/fuzz/release/FuzzDocuments -max_total_time=60 CORPUS Fixtures/documents
//
// What it crashes on is kept, small, under Fixtures/documents with an outcome in FixtureTests.

import Documents

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ testOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum FuzzDocuments {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { pointer, length in
            FuzzDocuments.check(Array(UnsafeBufferPointer(start: pointer, count: length)))
            return 0
        }
    }

    /// The first two bytes choose the edit, the rest is the document.
    static func check(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let document = Document(Array(input[2...]))
        _ = BodyBlock.blocks(of: document)
        _ = try? UnifiedDiff(parsing: document.bytes)
        guard let frontMatter = try? document.readFrontMatter() else { return }
        for node in [frontMatter.root] + frontMatter.entries.map(\.value) {
            _ = frontMatter.ownedSpans(of: node)
        }
        let paths = frontMatter.paths
        let path = paths.isEmpty ? FieldPath(key: "new") : paths[Int(input[0]) % paths.count]
        check(edit(Int(input[1]), path), frontMatter)
    }

    private static func edit(_ choice: Int, _ path: FieldPath) -> Edit {
        let texts = ["x", "no", "a: b", "", "[a, b]", "line\nbreak", "\u{2028}", "2024-01-02"]
        let text = texts[choice / 8 % texts.count]
        switch choice % 8 {
        case 0, 1: return .set(path, .guess(text))
        case 2: return .set(path, .typed(text, .string))
        case 3: return .unset(path)
        case 4: return .rename(path, to: Text(text))
        case 5: return .append(path, .guess(text))
        case 6 where choice > 200: return .reorder(path.parent ?? path, [Text(text)])
        case 6: return .set(path.appending(.key("new")), .guess(text))
        default:
            return .set(path, .value(.list([.string(text), .map([.init("k", .string(text))])])))
        }
    }

    private static func check(_ edit: Edit, _ frontMatter: FrontMatter) {
        guard let result = try? Edit.apply([edit], to: frontMatter) else { return }
        let before = frontMatter.document
        precondition((try? result.splices.applied(to: before.bytes)) == result.document.bytes)
        let undone = try? result.splices.inverted().applied(to: result.document.bytes)
        precondition(undone == before.bytes, "undo is not exact")
        precondition(result.document.bodyBytes.elementsEqual(before.bodyBytes), "the body changed")
        _ = DocumentDiff(from: before, to: result.document)
    }
}
