// swift-tools-version: 6.2
// The house: arrows run one way, from `atelier` down to `Content`. No external package.
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

/// Where C libraries lie is asked of pkg-config on macOS only; elsewhere it would name the shared
/// form ahead of `quickStart`.
#if os(macOS)
  let crypto: String? = "libcrypto"
  let sqlite: String? = "sqlite3"
#else
  let crypto: String? = nil
  let sqlite: String? = nil
#endif

/// Links C libraries statically and at fixed addresses.
///
/// A process starts in 2 ms instead of 8, and each step is a process. Of these libraries `Sources/StaticLibraries` names the static form, for
/// SwiftPM and swiftc pass `-l` themselves, ahead of any flag that would choose between the forms.
let quickStart = [
  "-L\(Context.packageDirectory)/Sources/StaticLibraries", "-Xclang-linker", "-static-libgcc",
  "-Xclang-linker", "-no-pie",
]

/// How a program that users start is linked; lld, since the system's linker warns of `mktemp` in
/// Foundation's own object.
let programLinking: [LinkerSetting] = [
  .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux])),
  .unsafeFlags(quickStart, .when(platforms: [.linux], configuration: .release)),
]

/// A step family: what it imports, with the build-time fingerprint of its code.
func family(_ name: String, _ dependencies: [Target.Dependency], sql: Bool = false) -> Target {
  .target(
    name: name,
    dependencies: ["AtelierStep"] + dependencies,
    path: "Steps/\(name)",
    resources: sql ? [.embedInCode("SQL")] : [],
    swiftSettings: strict,
    plugins: ["FingerprintPlugin"])
}

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["AtelierTesting"], exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "atelier",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "atelier", targets: ["atelier"]),
    .executable(name: "atelier-bench", targets: ["atelier-bench"]),
  ],
  targets: [
    // C ground floor.
    .systemLibrary(
      name: "CLibcrypto", path: "Sources/CLibcrypto", pkgConfig: crypto,
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CSQLite", path: "Sources/CSQLite", pkgConfig: sqlite,
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .target(name: "CSystem"),
    .target(
      name: "CPortableMath", cSettings: [.unsafeFlags(["-ffp-contract=off"])]),
    .target(name: "CXGBoost"),
    .target(name: "CCurl"),

    // Vocabulary, stores, and what a step's author sees.
    module("Content", ["CLibcrypto", "CSystem"]),
    module("Configuration"),
    module("Stores", ["Content", "CSQLite", "CSystem"]),
    module("AWS", ["Content", "CCurl", "CLibcrypto", "CSystem"]),
    module("S3Store", ["Stores", "AWS", "Content"]),
    module("Stack", ["AWS", "Content"]),
    module("Baselines", ["Content"]),
    .target(
      name: "Report", dependencies: ["Content"], resources: [.embedInCode("Resources")],
      swiftSettings: strict),
    module("AtelierStep", ["Content"]),
    module("Atelier", ["AtelierStep", "Content", "Configuration"]),
    module("Subprocess", ["CSystem"]),
    module("DuckDB", ["AtelierStep", "Subprocess"]),
    module("XGBoost", ["CXGBoost"]),
    module("Engine", ["Atelier", "AtelierStep", "Content", "Stores", "Subprocess", "CSystem"]),

    // Step families. They share artifact formats, never code, so an edit re-runs one family.
    .target(
      name: "PropensityFormats", dependencies: ["AtelierStep"], path: "Steps/PropensityFormats",
      swiftSettings: strict),
    family("Source", ["Content", "Subprocess", "DuckDB", "PropensityFormats"], sql: true),
    family("Command", ["Subprocess"]),
    family("Query", ["DuckDB", "PropensityFormats", "CPortableMath"], sql: true),
    family("Featurize", ["DuckDB", "PropensityFormats"], sql: true),
    family("Transfer", ["DuckDB", "PropensityFormats"], sql: true),
    family("Train", ["Content", "DuckDB", "XGBoost", "PropensityFormats"], sql: true),
    family("Segment", ["DuckDB", "PropensityFormats"], sql: true),
    family("Synthetic", ["CSystem"]),

    // Workshops, and the program that knows all.
    .target(
      name: "Propensity",
      dependencies: [
        "Atelier", "AtelierStep", "Configuration", "PropensityFormats", "Source", "Command",
        "Query",
        "Featurize", "Transfer", "Train", "Segment",
      ],
      path: "Workshops/Propensity", exclude: ["config.ini", "Baselines", "README.md"],
      resources: [.embedInCode("stack.yaml")],
      swiftSettings: strict),
    module(
      "CLI",
      [
        "Atelier", "AtelierStep", "AWS", "Baselines", "Configuration", "Content", "DuckDB",
        "Engine", "Report",
        "S3Store", "Stack", "Stores", "Subprocess", "CSystem",
      ]),
    .executableTarget(
      name: "atelier",
      dependencies: [
        "CLI", "Propensity", "Source", "Command", "Query", "Featurize", "Transfer", "Train",
        "Segment",
      ],
      path: "Sources/AtelierProgram", swiftSettings: strict,
      linkerSettings: programLinking),
    // The same engine over synthetic graphs, and measurements of the store, for `make bench`.
    .executableTarget(
      name: "atelier-bench",
      dependencies: [
        "CLI", "Atelier", "AtelierStep", "AWS", "S3Store", "Synthetic", "Stores", "Content",
        "CSystem",
      ],
      path: "Sources/AtelierBench", swiftSettings: strict, linkerSettings: programLinking),

    // The build-tool plugin that makes a family's code fingerprint.
    module("Fingerprint", ["CLibcrypto"]),
    .executableTarget(
      name: "fingerprint-tool", dependencies: ["Fingerprint"], path: "Sources/FingerprintTool",
      swiftSettings: strict),
    .plugin(
      name: "FingerprintPlugin", capability: .buildTool(), dependencies: ["fingerprint-tool"],
      path: "Sources/FingerprintPlugin"),

    // Doubles and tests.
    .executableTarget(
      name: "atelier-fixture",
      dependencies: ["CLI", "Atelier", "AtelierStep", "Command", "Content"],
      path: "Tests/FixtureProgram", swiftSettings: strict),
    .executableTarget(
      name: "subprocess-probe", dependencies: ["Subprocess", "CSystem"],
      path: "Sources/SubprocessProbe", swiftSettings: strict),
    .executableTarget(
      name: "aws-probe", dependencies: ["AWS", "CSystem"], path: "Sources/AWSProbe",
      swiftSettings: strict),
    module(
      "AtelierTesting", ["AtelierStep", "Content", "Stores", "Subprocess"]),
    tests("ContentTests", ["Content"]),
    tests("BaselinesTests", ["Baselines", "Content"]),
    tests("ReportTests", ["Report"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("FingerprintTests", ["Fingerprint"]),
    tests("StoresTests", ["Stores", "Content"]),
    .testTarget(
      name: "AWSTests",
      dependencies: ["AWS", "Content", "Subprocess", "AtelierTesting", "aws-probe"],
      exclude: ["faulty_proxy.py", "real_clients.py"], swiftSettings: strict),
    tests("S3StoreTests", ["S3Store", "AWS", "Stores", "Content"]),
    tests("AtelierStepTests", ["AtelierStep", "Content"]),
    tests("AtelierTests", ["Atelier", "AtelierStep", "Content"]),
    tests("SubprocessTests", ["Subprocess", "CSystem", "subprocess-probe"]),
    tests("EngineTests", ["Engine", "Atelier", "AtelierStep", "Stores", "Content", "Subprocess"]),
    tests(
      "SourceTests",
      ["Source", "Command", "Query", "PropensityFormats", "AtelierStep", "DuckDB", "Content"]),
    tests(
      "QueryTests",
      ["Query", "PropensityFormats", "AtelierStep", "CPortableMath", "DuckDB", "Content"]),
    tests(
      "FeaturizeTests",
      [
        "Featurize", "Transfer", "Segment", "PropensityFormats", "AtelierStep", "DuckDB", "Content",
      ]),
    tests(
      "TrainTests",
      ["Train", "XGBoost", "DuckDB", "Content", "PropensityFormats", "AtelierStep"]),
    tests("CLITests", ["CLI", "Content", "Engine"]),
    tests(
      "EndToEndTests", ["AWS", "Content", "Fingerprint", "atelier-fixture", "atelier-bench"],
      exclude: [
        "read_exports.py", "hostile_bucket.py", "browse_report.py", "Conformance/Conformance.md",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
