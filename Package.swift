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

/// A workshop: its wiring and settings; `embedding` are files that become part of the program,
/// `excluding` such as lie there and do not, beside those that every workshop has.
func workshop(
  _ name: String, _ dependencies: [Target.Dependency], embedding: [String] = [],
  excluding: [String] = []
) -> Target {
  .target(
    name: name,
    dependencies: ["Atelier", "AtelierStep", "Configuration"] + dependencies,
    path: "Workshops/\(name)",
    exclude: ["config.ini", "Baselines", "README.md"] + excluding,
    resources: embedding.map { .embedInCode($0) },
    swiftSettings: strict)
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

/// The step families of the workshops; `Sources/AtelierProgram/Families.swift` lists them, too.
///
/// They share artifact formats, never code, so an edit re-runs one family.
let families: [Target] = [
  family(
    "Source", ["Content", "Subprocess", "DuckDB", "LearningFormats", "PropensityFormats"],
    sql: true),
  family("Command", ["Subprocess"]),
  family("Query", ["DuckDB", "PropensityFormats", "CPortableMath"], sql: true),
  family("Simulate", ["DuckDB", "LearningFormats"], sql: true),
  family("Featurize", ["DuckDB", "LearningFormats", "PropensityFormats"], sql: true),
  family("Transfer", ["DuckDB", "LearningFormats", "PropensityFormats"], sql: true),
  family(
    "Train",
    ["Content", "CPortableMath", "DuckDB", "XGBoost", "LearningFormats", "PropensityFormats"],
    sql: true),
  family("Segment", ["DuckDB", "PropensityFormats"], sql: true),
  family("Figures", ["Content", "Subprocess"]),
  family("Features", ["Content", "DuckDB", "FeatureSQL", "LearningFormats"]),
]

/// The workshops; `Sources/AtelierProgram/Workshops.swift` lists them, too.
let workshops: [Target] = [
  workshop(
    "Propensity",
    [
      "PropensityFormats", "Source", "Command", "Query", "Featurize", "Transfer", "Train",
      "Segment", "Figures",
    ],
    embedding: ["stack.yaml", "Figures"]),
  workshop(
    "Retail",
    [
      "LearningFormats", "WorkshopInputs", "Source", "Simulate", "Featurize", "Transfer", "Train",
      "Figures",
    ],
    embedding: ["Figures"]),
  workshop(
    "Churn",
    [
      "LearningFormats", "WorkshopInputs", "Source", "Simulate", "Transfer", "Train", "Figures",
    ],
    embedding: ["Figures"], excluding: ["Examples"]),
  workshop(
    "Abalone",
    [
      "Content", "LearningFormats", "WorkshopInputs", "Source", "Simulate", "Features", "Featurize",
      "Train", "Figures",
    ],
    embedding: ["Figures"], excluding: ["Examples", "Flows"]),
]

/// The tests of families and workshops.
let workshopTests: [Target] = [
  tests(
    "SourceTests",
    [
      "Source", "Command", "Query", "LearningFormats", "PropensityFormats", "AtelierStep", "DuckDB",
      "Content",
    ]),
  tests(
    "QueryTests",
    ["Query", "PropensityFormats", "AtelierStep", "CPortableMath", "DuckDB", "Content"]),
  tests(
    "FeaturizeTests",
    [
      "Featurize", "Transfer", "Segment", "LearningFormats", "PropensityFormats", "AtelierStep",
      "DuckDB", "Content",
    ]),
  tests("FiguresTests", ["Figures", "AtelierStep", "Content"]),
  tests(
    "TrainTests",
    [
      "Train", "XGBoost", "DuckDB", "Content", "LearningFormats", "PropensityFormats",
      "AtelierStep",
    ]),
  tests("SimulateTests", ["Simulate", "LearningFormats", "AtelierStep", "Content"]),
  tests(
    "FeaturesTests",
    ["Features", "Source", "LearningFormats", "AtelierStep", "DuckDB", "Content"]),
  tests("ChurnTests", ["Churn", "Atelier", "Configuration"]),
  tests(
    "AbaloneTests", ["Abalone", "Features", "Atelier", "AtelierStep", "Configuration", "Content"]),
]

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
    .target(name: "CMicrohttpd"),

    // Vocabulary, stores, and what a step's author sees.
    module("Content", ["CLibcrypto", "CSystem"]),
    module("Configuration"),
    module("Addresses"),
    module("Stores", ["Content", "CSQLite", "CSystem"]),
    module("AWS", ["Content", "CCurl", "CLibcrypto", "CSystem"]),
    module("S3Store", ["Addresses", "Stores", "AWS", "Content"]),
    module("Stack", ["AWS", "Content"]),
    module("Baselines", ["Content"]),
    .target(
      name: "Report", dependencies: ["Content"], resources: [.embedInCode("Resources")],
      swiftSettings: strict),
    module("AtelierStep", ["Content"]),
    module("Atelier", ["Addresses", "AtelierStep", "Content", "Configuration"]),
    module("FeatureStore", ["AtelierStep", "Content", "Stores"]),
    module("Subprocess", ["CSystem"]),
    module("DuckDB", ["AtelierStep", "Subprocess"]),
    module("FeatureSQL", ["AtelierStep", "DuckDB"]),
    module("XGBoost", ["CXGBoost"]),
    module("Serve", ["XGBoost", "Content", "CMicrohttpd", "CSystem"]),
    module(
      "Engine",
      [
        "Addresses", "Atelier", "AtelierStep", "Content", "FeatureStore", "Stores", "Subprocess",
        "CSystem",
      ]),

    // What the programs know beside the families and workshops above.
    .target(
      name: "LearningFormats", dependencies: ["AtelierStep"], path: "Steps/LearningFormats",
      swiftSettings: strict),
    .target(
      name: "PropensityFormats", dependencies: ["AtelierStep", "LearningFormats"],
      path: "Steps/PropensityFormats", swiftSettings: strict),
    module("WorkshopInputs", ["Atelier", "AtelierStep", "LearningFormats", "Source"]),
    family("Synthetic", ["CSystem"]),
    .target(
      name: "CLI",
      dependencies: [
        "Addresses", "Atelier", "AtelierStep", "AWS", "Baselines", "Configuration", "Content",
        "DuckDB", "Engine", "FeatureSQL", "FeatureStore", "Report", "S3Store", "Serve", "Stack",
        "Stores", "Subprocess", "CSystem",
      ],
      resources: [.embedInCode("Templates")], swiftSettings: strict),
    .executableTarget(
      name: "atelier",
      dependencies: ["CLI", "Atelier", "AtelierStep"]
        + (families + workshops).map { .byName(name: $0.name) },
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
    // Spaces, servers and terminals in which end-to-end tests start the programs.
    .target(
      name: "EndToEndHarness",
      dependencies: [
        "AtelierTesting", "AtelierStep", "AWS", "Content", "FeatureStore", "Stores", "XGBoost",
      ],
      path: "Tests/Harness", exclude: ["hostile_bucket.py", "serve_load.py"],
      swiftSettings: strict),
    tests("ContentTests", ["Content"]),
    tests("AddressesTests", ["Addresses"]),
    tests("BaselinesTests", ["Baselines", "Content"]),
    tests("ReportTests", ["Report", "Content"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("FingerprintTests", ["Fingerprint"]),
    tests("StoresTests", ["Stores", "Content"]),
    tests("FeatureStoreTests", ["FeatureStore", "AtelierStep", "Stores", "Content"]),
    tests("FeatureSQLTests", ["FeatureSQL", "AtelierStep", "DuckDB", "Subprocess"]),
    .testTarget(
      name: "AWSTests",
      dependencies: ["AWS", "Content", "Subprocess", "AtelierTesting", "aws-probe"],
      exclude: ["faulty_proxy.py", "real_clients.py"], swiftSettings: strict),
    tests("S3StoreTests", ["S3Store", "AWS", "FeatureStore", "AtelierStep", "Stores", "Content"]),
    tests("AtelierStepTests", ["AtelierStep", "Content"]),
    tests("AtelierTests", ["Atelier", "AtelierStep", "Content"]),
    tests("SubprocessTests", ["Subprocess", "CSystem", "subprocess-probe"]),
    tests("EngineTests", ["Engine", "Atelier", "AtelierStep", "Stores", "Content", "Subprocess"]),
    tests("ServeTests", ["Serve", "XGBoost", "Content"]),
    tests(
      "CLITests",
      ["CLI", "Atelier", "AtelierStep", "Content", "Engine", "FeatureStore", "Stores"]),
    tests(
      "EndToEndTests",
      [
        "AWS", "AtelierStep", "Content", "EndToEndHarness", "FeatureStore", "Fingerprint", "Stores",
        "XGBoost", "atelier-fixture", "atelier-bench",
      ],
      exclude: [
        "Cloud/read_exports.py", "Conformance/Conformance.md", "Features/read_features.py",
        "Report/browse_report.py",
      ]),
  ] + families + workshops + workshopTests,
  swiftLanguageModes: [.v6]
)

// One test target and what it needs: `make test ONLY=TrainTests`.
if let only = Context.environment["ATELIER_ONLY"] {
  package.targets.removeAll { $0.type == .test && $0.name != only }
}
