import Cposix
import Glibc
import SystemPackage

/// The processes that this one started, and those that these started, as far as they stayed in
/// its process group: what a signal is meant for that a shell between does not pass on.
///
/// A daemon that one of them started has a group of its own, and is none of it.
public struct ProcessFamily: Sendable {
    /// A process by its number and the time it began, which tells it from a later one.
    private struct Member: Equatable {
        let process: pid_t
        let start: UInt64
    }

    private let members: [Member]

    /// The family as it is now.
    public init() {
        let processes = ProcessStatus.all()
        let group = getpgrp()
        var found: [ProcessStatus] = []
        var parents: Set<pid_t> = [getpid()]
        while !parents.isEmpty {
            let children = processes.filter {
                parents.contains($0.parent) && $0.group == group && $0.isAlive
            }
            found += children
            parents = Set(children.map(\.process))
        }
        members = found.map { Member(process: $0.process, start: $0.start) }
    }

    /// Makes processes whose parent ends this process's own children from now on, so that the
    /// family is found whole.
    public static func keepTogether() { _ = docvc_adopt_orphans() }

    /// Sends each process a signal.
    public func signal(_ number: Int32) {
        for member in members where isAlive(member) { kill(member.process, number) }
    }

    /// Whether all have ended, for which this waits at most `duration`.
    public func hasEnded(within duration: Duration) -> Bool {
        let deadline = ContinuousClock.now + duration
        while members.contains(where: isAlive) {
            guard ContinuousClock.now < deadline else { return false }
            World.sleep(.milliseconds(10))
        }
        return true
    }

    private func isAlive(_ member: Member) -> Bool {
        guard let status = ProcessStatus(of: member.process) else { return false }
        return status.isAlive && status.start == member.start
    }
}

/// What the kernel tells of a process in `/proc/<pid>/stat` (proc(5)).
private struct ProcessStatus {
    let process: pid_t
    let parent: pid_t
    let group: pid_t
    /// When it began, in clock ticks since the system's start.
    let start: UInt64
    /// Whether it has not ended; its parent may still have to be told.
    let isAlive: Bool

    /// Nil where there is no such process.
    init?(of process: pid_t) {
        guard let bytes = try? FileSystem().read(FilePath("/proc/\(process)/stat")) else {
            return nil
        }
        // The second field is the program's name in parentheses, which may hold any others.
        guard let name = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = String(decoding: bytes[(name + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let group = pid_t(fields[2]),
            let start = UInt64(fields[19])
        else { return nil }
        self.process = process
        self.parent = parent
        self.group = group
        self.start = start
        isAlive = !["Z", "X"].contains(fields[0])
    }

    static func all() -> [ProcessStatus] {
        let names = (try? FileSystem().names(in: "/proc")) ?? []
        return names.compactMap { pid_t($0).flatMap { ProcessStatus(of: $0) } }
    }
}
