@testable import Platform
import SystemPackage
import Testing

/// Times, against `date` and the calendar.
struct TimestampTests {
    private static let moments: [Int64] = [
        0, 1, -1, 59, 86_399, 86_400, -86_400, -86_401, 951_782_399, 951_782_400, 951_868_800,
        1_700_000_000, 1_709_164_800, 2_147_483_647, 4_102_444_800, 253_402_300_799,
        -2_208_988_800, -62_135_596_800,
    ]

    @Test(arguments: moments)
    func datesAreThoseOfDate(_ seconds: Int64) throws {
        for (offset, zone) in [(0, "UTC0"), (330, "ABC-5:30"), (-210, "ABC3:30"), (60, "ABC-1")] {
            let time = Timestamp(seconds: seconds, offset: offset)
            let run = try Program(
                ["date", "-d", "@\(seconds)", "+%Y-%m-%d %H:%M:%S %z"],
                environment: ["TZ": zone, "LC_ALL": "C"], folder: "/"
            ).capture()
            #expect("\(time.display)\n" == String(decoding: run.output, as: UTF8.self))
            if seconds > -62_000_000_000 && seconds < 253_402_000_000 {
                #expect(Timestamp(rfc3339: time.rfc3339) == time)
                #expect(Timestamp(rfc3339: time.display) == time)
            }
        }
    }

    @Test(arguments: [
        ("2026-11-23T09:30:00+01:00", 1_795_422_600, 60),
        ("2026-11-23T08:30:00Z", 1_795_422_600, 0),
        ("2026-11-23 08:30:00z", 1_795_422_600, 0),
        ("2026-11-23T08:30:00.123456Z", 1_795_422_600, 0),
        ("2026-11-23t03:00:00-0530", 1_795_422_600, -330),
        ("2026-11-23 09:30:00 +0100", 1_795_422_600, 60),
        ("2016-12-31T23:59:60Z", 1_483_228_800, 0),
    ])
    func timesThatAreRead(_ text: String, _ seconds: Int64, _ offset: Int) {
        #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds, offset: offset))
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T09:30:00", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00Zjunk",
        "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00+01:60", "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z", "2026-01-01T00:00:00+", "é026-01-01T00:00:00Z",
        "２026-01-01T00:00:00Z",
    ])
    func whatIsNoTimeIsNil(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        arguments: [
            (Int64.max, 60), (Int64.min, -60), (0, Int.max), (0, Int.min), (Int64.max, Int.max),
        ] as [(Int64, Int)])
    func noTimeIsTooFarToShow(_ seconds: Int64, _ offset: Int) {
        let time = Timestamp(seconds: seconds, offset: offset)
        #expect(!time.rfc3339.isEmpty && !time.display.isEmpty)
    }
}
