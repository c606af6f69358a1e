/// docvc as a library: durable versions of documents on Git, for editors and servers.
///
/// A ``Workspace`` is a work tree of a Git repository: its methods edit drafts, undo, save, merge
/// and recover, and return when what they did is durable. A ``Session`` is what a document's
/// draft and history are at one moment. Nothing is kept in memory between calls, so that any
/// number of processes, docvc's commands among them, can work in one work tree.
///
/// `import DocVC` brings in all of it; `Sources/Example` is a program that uses it. Below it are
/// Documents (a document as bytes and spans, edits as splices), Merging (three-way merges) and
/// Migrations (declared changes of schema), which do no input or output and can be used alone;
/// History, which has `Workspace`; Git; and Platform, whose `World` is where clock, chance,
/// environment and file system come in.
@_exported public import Documents
@_exported public import Git
@_exported public import History
@_exported public import Merging
@_exported public import Migrations
@_exported public import Platform
