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

    /// The last bytes say what is done with those before.
    static func check(_ input: [UInt8]) {
        guard let kind = input.last, input.count > 4 else { return }
        let text = Array(input.dropLast(4))
        if kind % 8 == 0 {
            checkPatch(text)
        } else {
            var choices = Choices(input.suffix(4))
            checkEdits(Document(text), &choices)
        }
    }

    // MARK: Patches

    /// A document and a patch of it, with a NUL byte between them.
    private static func checkPatch(_ input: [UInt8]) {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let document = Document(Array(parts[0]))
        guard let patch = try? UnifiedDiff(parsing: Array(parts.last ?? [])) else { return }
        for hunk in patch.hunks {
            precondition(hunk.leadingContext <= min(hunk.old.count, hunk.new.count))
        }
        check([.patchBody(patch)], document, keepsBody: false)
    }

    // MARK: Keys

    /// Choices that the input makes.
    private struct Choices {
        private var state: UInt64

        init(_ bytes: ArraySlice<UInt8>) {
            state = bytes.reduce(0x9E37_79B9) { $0 &* 257 &+ UInt64($1) }
        }

        mutating func callAsFunction(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, count)))
        }
    }

    private static func checkEdits(_ document: Document, _ choices: inout Choices) {
        _ = BodyBlock.blocks(of: document)
        guard let frontMatter = try? document.readFrontMatter() else { return }
        for node in [frontMatter.root] + frontMatter.entries.map(\.value) {
            _ = frontMatter.ownedSpans(of: node)
        }
        let paths = frontMatter.paths
        check([edit(path(paths, &choices), &choices)], document)
        check((0..<3).map { _ in edit(path(paths, &choices), &choices) }, document)
        guard !paths.isEmpty else { return }
        checkMemory(paths[choices(paths.count)], frontMatter, &choices)
    }

    /// A path that is there, below one that is, or made up.
    private static func path(_ paths: [FieldPath], _ choices: inout Choices) -> FieldPath {
        let known = paths.isEmpty ? FieldPath([]) : paths[choices(paths.count)]
        switch choices(8) {
        case 0: return known.appending(.key("new"))
        case 1: return known.appending(.index(choices(3)))
        case 2: return FieldPath(key: Text(texts[choices(texts.count)]))
        case 3: return known.parent ?? known
        default: return known
        }
    }

    private static let texts = [
        "x", "no", "a: b", "", "[a, b]", "line\nbreak", "\u{2028}", "2024-01-02", "{a: 1}",
        "text\n\n", " lead", "# hash", "1.10", "12:30", "null", "it's \"so\"",
    ]

    private static func edit(_ path: FieldPath, _ choices: inout Choices) -> Edit {
        let text = texts[choices(texts.count)]
        switch choices(10) {
        case 0, 1: return .set(path, .guess(text))
        case 2: return .set(path, .typed(text, .string))
        case 3: return .unset(path)
        case 4: return .rename(path, to: Text(text))
        case 5: return .append(path, .guess(text))
        case 6: return .remove(path, .guess(text))
        case 7: return .reorder(path.parent ?? path, [Text(text)])
        case 8: return .set(path, .source(text))
        default:
            return .set(path, .value(.list([.string(text), .map([.init("k", .string(text))])])))
        }
    }

    /// Edits and then the old value again, remembering the start: the value is the old one, and
    /// where only that key was edited all front matter is read as at the start.
    private static func checkMemory(
        _ path: FieldPath, _ start: FrontMatter, _ choices: inout Choices
    ) {
        guard let old = start.node(at: path)?.value else { return }
        let change: Edit =
            choices(2) == 0
            ? .unset(path) : .set(path, .typed(texts[choices(texts.count)], .string))
        guard let changed = try? Edit.apply([change], to: start) else { return }
        let others = choices(2) == 0
        var between = changed.document
        if others,
            let more = try? edit(self.path(start.paths, &choices), &choices).apply(to: between)
        {
            between = more.document
        }
        let edit = Edit.set(path, .value(old))
        guard let back = try? edit.apply(to: between, remembering: [start.document]) else { return }
        check(back, between, keepsBody: true)
        guard let after = try? back.document.readFrontMatter() else {
            preconditionFailure("what was proven cannot be read")
        }
        guard case .key? = path.steps.last else { return }
        precondition(after.node(at: path)?.value.isEquivalent(to: old) == true, "not the value")
        if !others { precondition(after.value.isEquivalent(to: start.value), "not the start") }
    }

    // MARK: What always holds

    private static func check(_ edits: [Edit], _ document: Document, keepsBody: Bool = true) {
        guard let result = try? Edit.apply(edits, to: document) else { return }
        check(result, document, keepsBody: keepsBody)
    }

    private static func check(_ result: EditResult, _ before: Document, keepsBody: Bool) {
        precondition((try? result.splices.applied(to: before.bytes)) == result.document.bytes)
        let undone = try? result.splices.inverted().applied(to: result.document.bytes)
        precondition(undone == before.bytes, "undo is not exact")
        if keepsBody {
            precondition(
                result.document.bodyBytes.elementsEqual(before.bodyBytes), "the body changed")
        } else {
            precondition(
                result.document.bytes.starts(with: before.bytes[..<before.body.lowerBound]),
                "the front matter changed")
        }
        _ = DocumentDiff(from: before, to: result.document)
    }
}
