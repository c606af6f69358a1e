import Documents
import History
import Merging

extension MergeSettings {
    /// Gives the merge of the document `path` the policy, and the hook to ask; what is wrong in
    /// the policy is said, and the merge goes on without it.
    func apply(to options: inout MergeOptions, for path: String, telling output: Output) throws {
        for problem in problems {
            try output.warning(
                "\(Policy.path):\(problem); the merge goes by the default policy")
        }
        apply(to: &options, for: path)
    }
}
