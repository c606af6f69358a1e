import History
import Merging
import Platform
import SystemPackage

/// Gives a merge what the repository says about it.
struct MergeSetup {
    let settings: MergeSettings
    /// The document, for the hook.
    let path: String

    init(_ settings: MergeSettings, path: String) {
        self.settings = settings
        self.path = path
    }

    /// Sets policy and hook; what is wrong in the policy is said, and the rest counts.
    func apply(to options: inout MergeOptions, _ context: Context) throws {
        options.policy = settings.policy
        for problem in settings.problems {
            try context.output.warning(
                "\(MergeSettings.policyPath):\(problem); the merge goes by the default policy")
        }
        if let hook = settings.hook {
            options.strategy = HookStrategy(
                program: hook, path: path, markerSize: options.markerSize, world: context.world)
        }
    }
}
