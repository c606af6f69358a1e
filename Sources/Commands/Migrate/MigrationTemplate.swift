import ArgumentParser

/// What a new migration file holds.
enum MigrationTemplate: String, ExpressibleByArgument, CaseIterable {
    case empty, blog
    case knowledgeBase = "knowledge-base"

    /// The file's text.
    func text(_ name: String, after: String?) -> String {
        """
        # \(purpose)
        # See what it would do: docvc migrate plan \(name)
        migration: \(name)
        \(after.map { "after: \($0)\n" } ?? "")\(body)
        """
    }

    private var purpose: String {
        switch self {
        case .empty: "What this migration is for, in a sentence."
        case .blog: "Brings the posts of a blog to one schema."
        case .knowledgeBase: "Brings the notes of a knowledge base to one schema."
        }
    }

    private var body: String {
        switch self {
        case .empty: MigrationTemplate.commented
        case .blog: MigrationTemplate.blogBody
        case .knowledgeBase: MigrationTemplate.notesBody
        }
    }

    private static let commented = """

        # Which documents; without it all that .docvc/policy.yaml names, or all Markdown files.
        # documents: ["content/blog/**/*.md", "!content/blog/drafts/"]

        # What must be so in a document. All of it must; a pattern is an extended regular
        # expression (POSIX), found anywhere.
        # where: { type: post, exists: summary, missing: description, matches: { title: "^How " } }

        # Needed where values are lost (drop, or coerce, map and split that cannot be undone).
        # allow-destructive: "why nobody will miss them"

        # Done in this order. A key is title, seo.title or "a.b"; one that is missing is left so.
        operations:
          # - rename: { from: summary, to: description }
          # - move: { from: seo.title, to: title }
          # - copy: { from: title, to: og.title }
          # - default: { key: status, value: draft }        # only where missing
          # - set: { key: layout, value: post }
          # - coerce: { key: draft, to: boolean }           # string integer float boolean date list
          # - map: { key: status, values: { wip: draft, live: published } }
          # - wrap: { key: author }                         # one value becomes a list; unwrap: back
          # - split: { key: name, by: " ", into: [first, last] }
          # - join: { keys: [first, last], with: " ", into: name }
          # - each: { key: authors, operations: [{ rename: { from: site, to: url } }] }
          # - drop: { key: legacy_id }
          # - reorder: { keys: [title, description, date] }
          # - syntax: { to: toml }                          # yaml toml json
          # - assert: { key: title, type: string, required: true }

        """

    private static let blogBody = """
        # documents: ["content/blog/**/*.md"]
        where: { exists: title }
        operations:
          - coerce: { key: title, to: string }
          - coerce: { key: draft, to: boolean }
          - wrap: { key: tags }
          - wrap: { key: categories }
          - default: { key: draft, value: false }
          - assert: { key: tags, type: list }

        """

    private static let notesBody = """
        # documents: ["notes/**/*.md"]
        where: { exists: title }
        operations:
          - coerce: { key: title, to: string }
          - wrap: { key: aliases }
          - wrap: { key: tags }
          - default: { key: status, value: draft }
          - map: { key: status, values: { wip: draft, done: published } }
          - assert: { key: status, type: string, required: true }

        """
}
