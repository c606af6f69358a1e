import Platform
import SystemPackage
import Testing

/// The world this process runs in.
struct WorldTests {
    @Test func theRealWorldIsThere() {
        let world = World.real()
        #expect(world.now().seconds > 1_600_000_000)
        #expect((0..<1_000).contains(world.now().milliseconds))
        #expect(world.random(16).count == 16)
        #expect(world.random(16) != world.random(16))
        #expect(world.environment["PATH"] != nil)
        #expect(world.currentFolder.isAbsolute)
        #expect(World.processID > 0)
    }

    @Test func sleepLastsAtLeastAsLong() {
        let clock = ContinuousClock()
        #expect(clock.measure { World.sleep(.milliseconds(20)) } >= .milliseconds(20))
    }
}
