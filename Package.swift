// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of the package is held to.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// With DOCVC_FUZZ=1 the package has libFuzzer's program instead of the tests that replay what it
/// found; see Tests/Proof/fuzz.
let isFuzzing = Context.environment["DOCVC_FUZZ"] == "1"

/// Coverage for libFuzzer in what it runs over.
let fuzzed: [SwiftSetting] =
    isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])] : []

let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "docvc",
    products: [
        .executable(name: "docvc", targets: ["docvc"]),
        .library(name: "DocVC", targets: ["DocVC"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        // The C libraries, each behind a module of its own.
        .systemLibrary(name: "Clibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(
            name: "Clibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "Clibz", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "Clibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "Cposix"),
        .target(name: "Ctomlpp"),

        // What comes from outside: clock, environment, file system, other programs.
        .target(name: "Platform", dependencies: ["Cposix", systemPackage], swiftSettings: strict),

        // Git's formats and libgit2, with owning, typed handles.
        .target(
            name: "Git",
            dependencies: ["Clibgit2", "Clibcrypto", "Clibz", "Platform", systemPackage],
            swiftSettings: strict + [.strictMemorySafety()] + fuzzed),

        // The pure modules: no input, no output, no clock.
        .target(
            name: "Documents", dependencies: ["Clibyaml", "Ctomlpp"],
            swiftSettings: strict + fuzzed),
        .target(name: "Merging", dependencies: ["Documents"], swiftSettings: strict + fuzzed),
        .target(name: "Migrations", dependencies: ["Documents"], swiftSettings: strict + fuzzed),

        // Saves, revisions, recovery.
        .target(
            name: "History",
            dependencies: [
                "Git", "Platform", "Documents", "Merging", "Migrations", systemPackage,
            ],
            swiftSettings: strict + fuzzed),

        // All of it for programs that embed it, and one that does.
        .target(
            name: "DocVC",
            dependencies: ["Documents", "Git", "History", "Merging", "Migrations", "Platform"],
            swiftSettings: strict),
        .executableTarget(name: "Example", dependencies: ["DocVC"], swiftSettings: strict),

        // The command line, which uses what every other program that embeds docvc can use.
        .target(
            name: "Commands",
            dependencies: [
                "DocVC", systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(name: "docvc", dependencies: ["Commands"], swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Platform", systemPackage],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Documents"],
            exclude: ["independent-parsers.py"], swiftSettings: strict),
        .testTarget(
            name: "HistoryTests",
            dependencies: [
                "History", "Documents", "Merging", "Migrations", "Git", "Platform", "TestSupport",
                systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "docvc", "Example", "Documents", "Git", "Platform", "TestSupport",
                systemPackage,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MergingTests", dependencies: ["Merging", "Documents"], swiftSettings: strict),
        .testTarget(
            name: "MigrationsTests", dependencies: ["Migrations", "Documents", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PlatformTests", dependencies: ["Platform", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "GitTests", dependencies: ["Git", "Platform", "TestSupport", systemPackage],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)

/// What fuzz targets run over.
let fuzzedModules: [Target.Dependency] = [
    "Documents", "Git", "History", "Merging", "Migrations", "Platform", "TestSupport",
    systemPackage,
]

if isFuzzing {
    // The Swift driver would link libFuzzer's own main; the target brings its own.
    guard let swift = Context.environment["SWIFT_RUNTIMES"] else {
        fatalError("SWIFT_RUNTIMES must name the folder of Swift's clang runtimes")
    }
    package.products.append(.executable(name: "Fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: fuzzedModules, path: "Tests/Fuzz",
            exclude: ["ReplayTests.swift"],
            swiftSettings: strict + [.unsafeFlags(["-sanitize=address", "-parse-as-library"])],
            linkerSettings: [
                .unsafeFlags([
                    "-sanitize=address", "\(swift)/libclang_rt.fuzzer_no_main-x86_64.a", "-lstdc++",
                ])
            ]))
} else {
    package.targets.append(
        .testTarget(
            name: "FuzzTests", dependencies: fuzzedModules, path: "Tests/Fuzz",
            exclude: ["Fuzz.swift"], swiftSettings: strict))
}
