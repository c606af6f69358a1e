import Glibc
import Platform
import SystemPackage
import Testing

/// A lock between threads and processes.
struct KernelLockTests {
    private func expectHeld(
        by holder: String, _ folder: TemporaryFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: KernelLock.Failure.self, sourceLocation: sourceLocation) {
            _ = try KernelLock(
                folder["lock"], holder: "late", timeout: .milliseconds(30), world: folder.world())
        }
        guard case .held(holder)? = error else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
    }

    @Test func theHolderIsNamed() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try KernelLock(
                folder["lock"], holder: "first", timeout: .zero, world: folder.world())
            expectHeld(by: "first", folder)
            _ = consume lock
        }
        let next = try KernelLock(
            folder["lock"], holder: "2", timeout: .zero, world: folder.world())
        expectHeld(by: "2", folder)
        _ = consume next
    }

    @Test func itDiesWithItsProcess() throws {
        let folder = try TemporaryFolder()
        try folder.write("lock", "another\nand more\n")
        // The shell holds the lock until its standard input ends.
        try folder.run(
            "sh", "-c",
            "setsid flock lock sh -c 'echo $$ > pid; exec sleep 600' > /dev/null 2>&1 & while ! test -s pid; do sleep 0.01; done"
        )
        expectHeld(by: "another", folder)
        try folder.run("sh", "-c", "kill -9 -$(cat pid) || kill -9 $(cat pid)")
        _ = try KernelLock(
            folder["lock"], holder: "x", timeout: .seconds(60), world: folder.world())
        #expect(try folder.read("lock") == "x\n")
    }

    /// What else has the descriptor keeps the lock only where it may: a child that is just being
    /// started has all of them.
    @Test(arguments: [true, false])
    func heirsHoldWhatTheyInherit(_ isInheritable: Bool) throws {
        let folder = try TemporaryFolder()
        let heir: Int32
        do {
            let lock = try KernelLock(
                folder["lock"], holder: "first", isInheritable: isInheritable, timeout: .zero,
                world: folder.world())
            heir = dup(lock.descriptor)
            _ = consume lock
        }
        if isInheritable { expectHeld(by: "first", folder) }
        if isInheritable { close(heir) }
        _ = try KernelLock(
            folder["lock"], holder: "2", timeout: .seconds(60), world: folder.world())
        #expect(try folder.read("lock") == "2\n")
        if !isInheritable { close(heir) }
    }

    @Test func faultsAreReported() throws {
        let folder = try TemporaryFolder()
        let faulty = FileSystem { call, _ in call == .lock ? .noLocks : nil }
        #expect(throws: KernelLock.Failure.self) {
            _ = try KernelLock(
                folder["lock"], holder: "x", timeout: .zero, world: folder.world(files: faulty))
        }
        #expect(throws: KernelLock.Failure.self) {
            _ = try KernelLock(
                folder["none/lock"], holder: "x", timeout: .zero, world: folder.world())
        }
        // A full disk does not keep anyone from the lock.
        let full = FileSystem { call, _ in call == .write ? .noSpace : nil }
        _ = try KernelLock(
            folder["lock"], holder: "x", timeout: .zero, world: folder.world(files: full))
    }

    @Test func oneAtATime() async throws {
        let folder = try TemporaryFolder()
        try folder.write("count", "0")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5 {
                        let lock = try KernelLock(
                            folder["lock"], holder: "x", timeout: .seconds(60),
                            world: folder.world())
                        let count = try Int(folder.read("count")) ?? 0
                        try FileSystem().replace(folder["count"], with: Array("\(count + 1)".utf8))
                        _ = consume lock
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.read("count") == "20")
    }
}
