import Documents
import Testing

/// The document after an edit, as text.
func edited(_ text: String, _ edits: Edit...) throws -> String {
    let result = try Edit.apply(edits, to: Document(text))
    #expect(try result.splices.applied(to: Array(text.utf8)) == result.document.bytes)
    #expect(try result.splices.inverted().applied(to: result.document.bytes) == Array(text.utf8))
    return String(decoding: result.document.bytes, as: UTF8.self)
}

/// A path that is known to be one.
func path(_ text: String) throws -> FieldPath { try FieldPath(parsing: text) }

/// Sets a key to text whose type is guessed.
func set(_ key: String, _ text: String) throws -> Edit { .set(try path(key), .guess(text)) }
