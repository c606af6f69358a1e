/// Paths as Git lets them into a tree.
public enum TreePath {
    /// Whether `path` names a file below a work tree's top, and none of Git's own.
    ///
    /// It is Git's own rule (`verify_path` in read-cache.c), for every file system at once: no
    /// empty part, no `.` or `..`, and nothing that some system takes for `.git`.
    public static func isValid(_ path: String) -> Bool {
        guard !path.isEmpty, !path.utf8.contains(0) else { return false }
        return path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { isValid(component: Substring($0)) }
    }

    private static func isValid(component: Substring) -> Bool {
        if ["", ".", ".."].contains(component) { return false }
        // macOS ignores these characters in names.
        let seen = component.unicodeScalars.filter { !isIgnored($0) }
        var name = String(String.UnicodeScalarView(seen)).lowercased()
        if name == ".git" { return false }
        // Windows ends a name at a colon, drops dots and spaces there, and knows short names.
        name = String(component).lowercased()
        if let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) {
            name = String(name[..<colon])
        }
        while let last = name.utf8.last, ". ".utf8.contains(last) {
            name.unicodeScalars.removeLast()
        }
        return name != ".git" && name != "git~1"
    }

    private static func isIgnored(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}
