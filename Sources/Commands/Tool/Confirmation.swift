import Glibc
import History

/// A question to whoever sits at the terminal.
enum Confirmation {
    /// Whether the answer is yes; nil where nobody can be asked.
    static func ask(_ question: String, _ output: Output) throws -> Bool? {
        guard output.isTerminal, !output.isJSON, isatty(STDIN_FILENO) == 1 else { return nil }
        try output.prompt(question + " [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
