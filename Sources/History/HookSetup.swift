import Git
import Platform
public import SystemPackage

/// The `pre-commit` hook that `init` installs.
///
/// A hook that is there already is kept beside it under another name and run first; `deinit`
/// gives it its name back. A hook in a folder that `core.hooksPath` names is left alone: that
/// folder is tracked, or shared with other repositories.
enum InstalledHook {
    static let name = "pre-commit"
    /// The name of a hook that was there before.
    static let before = "pre-commit.before-docvc"

    /// The script, which runs this `program`, or where that is gone the docvc in `PATH`.
    static func script(program: String?) -> String {
        head + (program.map { "docvc='\($0.replacing("'", with: "'\\''"))'\n" } ?? "docvc=docvc\n")
            + tail
    }

    /// Whether a text is a script of docvc's, whatever program it runs.
    static func isOwn(_ text: String) -> Bool {
        guard text.hasPrefix(head), text.hasSuffix(tail) else { return false }
        let line = text.dropFirst(head.count).dropLast(tail.count)
        return line.hasPrefix("docvc=") && line.dropLast().allSatisfy { !$0.isNewline }
    }

    /// Whether a hook runs the check, whoever wrote it.
    static func runsCheck(_ text: String) -> Bool {
        // The second is the last line of docvc's own, to which somebody may have added more.
        text.contains("docvc hook pre-commit") || text.contains("\"$docvc\" hook pre-commit")
    }

    private static let head = """
        #!/bin/sh
        # Installed by docvc init; docvc deinit takes it out.
        before="$(dirname "$0")/pre-commit.before-docvc"
        if [ -x "$before" ]; then
            "$before" "$@" || exit
        fi

        """
    private static let tail = """
        [ -x "$docvc" ] || docvc=docvc
        if ! command -v "$docvc" >/dev/null 2>&1; then
            echo "docvc: not found, so nothing was checked" >&2
            exit 0
        fi
        exec "$docvc" hook pre-commit

        """
}

/// A hook that was left as it is, so that nothing of anybody's is lost.
public struct HookLeft: Sendable {
    /// Where it is.
    public let hook: FilePath
    /// A hook from before docvc's, which is kept beside it; nil where there is none.
    public let before: FilePath?
}

extension Workspace {
    private var hooksFolder: FilePath { repository.commonFolder.appending("hooks") }

    /// Whether commits run the check: by docvc's own hook, or one that somebody wrote.
    func hasCheckHook() throws -> Bool {
        guard let path = try repository.hook(InstalledHook.name) else { return false }
        guard let real = try files.realPath(of: path) else { return false }
        return InstalledHook.runsCheck(String(decoding: try files.read(real), as: UTF8.self))
    }

    /// The folder that `core.hooksPath` names, where commits are not checked by a hook in it:
    /// there `init` installs none.
    public func foreignHooksFolder() throws(HistoryError) -> String? {
        try lifting {
            guard let folder = try repository.configuration.path("core.hookspath"),
                try !hasCheckHook()
            else { return nil }
            return folder.string
        }
    }

    /// Whether the hook is missing and can be installed.
    func lacksCheckHook() throws -> Bool {
        try !hasCheckHook() && repository.configuration.path("core.hookspath") == nil
    }

    /// Installs the hook, or returns what is in its way: a hook whose new name is taken.
    ///
    /// A kill in between leaves the old hook in its place, or the new one with the old one
    /// beside it. Only under the docvc lock.
    func installCheckHook() throws -> HookLeft? {
        try files.makeFolders(hooksFolder)
        let path = hooksFolder.appending(InstalledHook.name)
        let before = hooksFolder.appending(InstalledHook.before)
        if let present = try files.status(of: path), try !isOwnHook(path) {
            if let kept = try files.status(of: before) {
                // A link that a kill left is the same file; any other is somebody's.
                guard kept.inode == present.inode, kept.device == present.device else {
                    return HookLeft(hook: path, before: before)
                }
            } else {
                try files.link(path, to: before)
            }
            // A power cut must not bring docvc's hook without the one that was there.
            try files.syncFolder(hooksFolder)
        }
        // Not beside it: what a kill leaves would lie among the user's hooks.
        let temporary = scratch("pre-commit")
        try files.makeFolders(scratchFolder)
        try files.remove(temporary)
        let file = try files.create(temporary, permissions: 0o777)
        try file.write(InstalledHook.script(program: ownProgram()).utf8)
        try file.sync()
        try files.rename(temporary, to: path)
        try files.syncFolder(hooksFolder)
        return nil
    }

    /// Whether the file at `path` is docvc's hook as it was installed.
    private func isOwnHook(_ path: FilePath) throws -> Bool {
        guard try files.status(of: path)?.kind == .file else { return false }
        return InstalledHook.isOwn(String(decoding: try files.read(path), as: UTF8.self))
    }

    /// The hook that runs the check and is not as docvc installed it; nil where there is none.
    func changedHook() throws -> HookLeft? {
        guard try hasCheckHook(), let path = try repository.hook(InstalledHook.name) else {
            return nil
        }
        let before = path.removingLastComponent().appending(InstalledHook.before)
        return HookLeft(hook: path, before: try files.status(of: before) == nil ? nil : before)
    }

    /// This program, where it is docvc and not one that embeds it.
    private func ownProgram() throws -> String? {
        let path = try files.realPath(of: "/proc/self/exe")
        return path?.lastComponent?.string == "docvc" ? path?.string : nil
    }

    /// Takes the hook out, where it is docvc's own and as it was installed; one that was there
    /// before has its name again. Only under the docvc lock.
    func removeCheckHook() throws -> Bool {
        let path = hooksFolder.appending(InstalledHook.name)
        let before = hooksFolder.appending(InstalledHook.before)
        guard try isOwnHook(path) else { return false }
        if try files.status(of: before) != nil {
            try files.rename(before, to: path)
        } else {
            try files.remove(path)
        }
        try files.syncFolder(hooksFolder)
        return true
    }
}
