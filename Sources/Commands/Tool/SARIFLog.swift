import ArgumentParser
import History

/// Findings in the Static Analysis Results Interchange Format 2.1.0 (OASIS), which code hosts
/// show beside the lines.
struct SARIFLog: Encodable {
    struct Text: Encodable { let text: String }

    struct Rule: Encodable {
        let id: String
        let shortDescription: Text
    }

    struct Driver: Encodable {
        let name = "docvc"
        let version = RootCommand.configuration.version
        let rules: [Rule]
    }

    struct Tool: Encodable { let driver: Driver }

    struct Artifact: Encodable {
        let uri: String
        let uriBaseId = "%SRCROOT%"
    }

    struct Region: Encodable {
        let startLine: Int
        let startColumn: Int
    }

    struct PhysicalLocation: Encodable {
        let artifactLocation: Artifact
        let region: Region
    }

    struct Location: Encodable { let physicalLocation: PhysicalLocation }

    struct Result: Encodable {
        let ruleId: String
        let ruleIndex: Int
        let level = "error"
        let message: Text
        let locations: [Location]
    }

    struct Run: Encodable {
        let tool: Tool
        /// Columns count Unicode scalars, as everywhere in docvc.
        let columnKind = "unicodeCodePoints"
        let results: [Result]
    }

    let version = "2.1.0"
    let runs: [Run]

    init(_ findings: [CheckFinding], from place: CommandPlace) {
        let rules = CheckFinding.Rule.allCases
        let driver = Driver(
            rules: rules.map { Rule(id: $0.rawValue, shortDescription: Text(text: $0.purpose)) })
        let results = findings.map { finding in
            Result(
                ruleId: finding.rule.rawValue,
                ruleIndex: rules.firstIndex(of: finding.rule) ?? 0,
                message: Text(text: "\(finding.message) (fix: \(place.words(for: finding.fix)))"),
                locations: [
                    Location(
                        physicalLocation: PhysicalLocation(
                            artifactLocation: Artifact(uri: SARIFLog.uri(finding.path)),
                            region: Region(
                                startLine: finding.line, startColumn: finding.column)))
                ])
        }
        runs = [Run(tool: Tool(driver: driver), results: results)]
    }

    /// A path as a relative URI reference (RFC 3986, section 4.2).
    private static func uri(_ path: String) -> String {
        var uri = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                uri += "%" + (hex.count < 2 ? "0" : "") + hex
            }
        }
        return uri
    }
}
