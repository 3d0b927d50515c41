// swift-tools-version: 6.2
// The house: arrows run one way, from `atelier` down to `Content`. No external package.
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

/// Modules whose time goes into waiting for a service, a person or another program, and the wiring.
///
/// The optimiser would take a good part of a clean build for them, and nobody would notice what it gains.
/// What reads, hashes, schedules, computes or draws is not among them, nor any step.
let waiting: Set<String> = [
  "AWSClusters", "Abalone", "AccessPolicies", "AccessVerbs", "AccountCalls", "AccountDeployment",
  "AccountTemplates", "AccountVerbs", "Accounts", "AdobePlatform", "AppConfig", "AuthorVerbs",
  "BrowseVerbs", "CLI", "Churn", "CloudFormation", "Clusters", "CodeGeneration", "Compile",
  "CompileVerbs", "Costs", "DataFlows", "Documents", "Effects", "EndpointVerbs", "Endpoints",
  "EngineVerbs", "EnvironmentVerbs", "EventLogs", "FeatureService", "FeatureStore", "FeatureVerbs",
  "Fingerprint", "FolderAccounts", "ImageRegistry", "ImageVerbs", "ImportVerbs", "Inbox", "JobRuns",
  "Jobs", "KeyNumbers", "Lineage", "LiveRuns", "ModelPackages", "ModelRuns", "ModelSessions",
  "ModelVerbs", "Models", "Notebooks", "OCI", "Plans", "PlatformActions", "PlatformSources",
  "PlatformStorage", "PlatformVerbs", "PolicyEvaluation", "Programs", "ProjectTemplates",
  "ProjectVerbs", "Projects", "Promotion", "PromotionVerbs", "Propensity", "Provenance",
  "PythonLiterals", "ReadVerbs", "Registry", "Regression", "RemoteSteps", "Retail", "RunVerbs",
  "SageMaker", "SchemaRegistry", "ScriptSteps", "Segments", "ServeVerbs", "Stack", "StackVerbs",
  "StepFunctions", "StoreVerbs", "Tagging", "TemplateParts", "Templates", "Triggers",
  "WorkflowVerbs", "Workflows", "WorkshopInputs",
]

/// The settings of a module.
func settings(_ name: String) -> [SwiftSetting] {
  guard waiting.contains(name) else { return strict }
  return strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}

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

/// A step family: what it imports, with what the build writes: fingerprints of its code, initializers,
/// the list of its steps, and the files of its folder SQL; `embedding` is a folder of texts that are
/// code.
func family(
  _ name: String, _ dependencies: [Target.Dependency], embedding folder: String? = nil
) -> Target {
  .target(
    name: name,
    dependencies: ["AtelierStep"] + dependencies,
    path: "Steps/\(name)",
    resources: folder.map { [.embedInCode($0)] } ?? [],
    swiftSettings: strict,
    plugins: ["FamilyPlugin"])
}

extension Target.Dependency {
  /// The name of the module; nil for another kind of dependency.
  var module: String? { if case .byNameItem(let name, _) = self { name } else { nil } }
}

/// A workshop: its wiring and settings, with the texts of its folder Scripts, if there is one;
/// `embedding` are files that become part of the program, `excluding` such as lie there and do not,
/// beside those that every workshop has.
func workshop(
  _ name: String, _ dependencies: [Target.Dependency], embedding: [String] = [],
  excluding: [String] = []
) -> Target {
  .target(
    name: name,
    dependencies: ["Atelier", "AtelierStep", "Configuration", "LearningFormats", "ScriptSteps"]
      + dependencies.filter { !["LearningFormats", "ScriptSteps"].contains($0.module) },
    path: "Workshops/\(name)",
    exclude: ["config.ini", "Baselines", "README.md"] + excluding + embedding,
    swiftSettings: settings(name),
    plugins: ["WorkshopPlugin"] + (embedding.isEmpty ? [] : ["TextPlugin"]))
}

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings(name))
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["AtelierTesting"], exclude: exclude,
    swiftSettings: strict)
}

/// The step families of the workshops; the program's own list is made of this one.
///
/// They share artifact formats, never code, so an edit re-runs steps of one family.
let families: [Target] = [
  family(
    "Source",
    [
      "CSV", "Content", "HTTP", "Subprocess", "DuckDB", "ValueSQL", "LearningFormats",
      "PropensityFormats",
    ]),
  family("Command", ["Subprocess"]),
  // A step that is an SQL file.
  family("SQL", ["DuckDB"]),
  // A step that is a Python file, and the environments of such steps.
  family("Python", ["Content", "Subprocess"], embedding: "Runtime"),
  family("Query", ["Content", "DuckDB", "PropensityFormats", "CPortableMath"]),
  family("Simulate", ["DuckDB", "LearningFormats"]),
  family("Featurize", ["Content", "DuckDB", "LearningFormats", "PropensityFormats"]),
  family("Transfer", ["DuckDB", "LearningFormats", "PropensityFormats"]),
  // Any table: split, train, measure, use.
  family(
    "Learn",
    ["Content", "CPortableMath", "DuckDB", "XGBoost", "LearningFormats", "LearningTools"]),
  // The search for the propensity workshop's model.
  family(
    "Train", ["Content", "DuckDB", "LearningFormats", "LearningTools", "PropensityFormats"]),
  family("Segment", ["DuckDB", "PropensityFormats"]),
  // What acts on the live platform. It imports formats only: another key would be another batch there.
  family("Platform", ["Content", "PropensityFormats"]),
  // What asks the live platform, and what is made of its answers here.
  family(
    "PlatformQuery", ["Content", "DuckDB", "Featurize", "PlatformQueries", "PropensityFormats"]),
  family("Figures", ["Content", "Subprocess"]),
  family("Features", ["Content", "DuckDB", "FeatureSQL", "LearningFormats", "ValueSQL"]),
]

/// The workshops, the first being what a target without a workshop's name means; the program's own list
/// is made of this one.
let workshops: [Target] = [
  workshop(
    "Propensity",
    [
      "Content", "PropensityFormats", "WorkshopInputs", "Source", "Command", "Query", "Featurize",
      "Platform", "PlatformQueries", "PlatformQuery", "Transfer", "Train", "Segment", "Figures",
    ],
    embedding: ["stack.yaml", "Figures"]),
  workshop(
    "Retail",
    [
      "LearningFormats", "WorkshopInputs", "Source", "Simulate", "Transfer", "Learn", "Figures",
    ],
    embedding: ["Figures"]),
  workshop(
    "Churn",
    [
      "AppConfig", "Documents", "LearningFormats", "Registry", "ServiceNames", "WorkshopInputs",
      "Source", "Simulate", "Transfer", "Learn", "Figures",
    ],
    embedding: ["Figures"], excluding: ["Examples"]),
  workshop(
    "Abalone",
    [
      "Content", "Documents", "LearningFormats", "WorkshopInputs", "Source", "Simulate", "Features",
      "Featurize", "Learn", "Figures",
    ],
    embedding: ["Figures"], excluding: ["Examples", "Flows"]),
]

/// The tests of families and workshops.
let workshopTests: [Target] = [
  tests(
    "SourceTests",
    [
      "Source", "Command", "Query", "LearningFormats", "PropensityFormats", "AtelierStep", "DuckDB",
      "Content", "HTTP", "Subprocess",
    ]),
  tests(
    "QueryTests",
    ["Query", "SQL", "PropensityFormats", "AtelierStep", "CPortableMath", "DuckDB", "Content"],
    exclude: ["ecid.py"]),
  tests(
    "FeaturizeTests",
    [
      "Featurize", "Transfer", "Segment", "LearningFormats", "PropensityFormats", "AtelierStep",
      "DuckDB", "Content",
    ]),
  tests("FiguresTests", ["Figures", "AtelierStep", "Content"]),
  tests("LearningToolsTests", ["LearningTools", "XGBoost", "Content", "AtelierStep"]),
  tests(
    "LearnTests",
    [
      "Learn", "LearningTools", "XGBoost", "DuckDB", "Content", "LearningFormats", "AtelierStep",
      // Named in programs that the compiler is asked about.
      "Command", "PropensityFormats", "Source", "Train",
    ]),
  tests(
    "TrainTests",
    [
      "Train", "LearningTools", "XGBoost", "DuckDB", "Content", "LearningFormats",
      "PropensityFormats", "AtelierStep",
    ]),
  tests("SimulateTests", ["Simulate", "LearningFormats", "AtelierStep", "Content"]),
  tests(
    "FeaturesTests",
    ["Features", "Source", "LearningFormats", "AtelierStep", "DuckDB", "Content"]),
  tests("ChurnTests", ["Churn", "Atelier", "Configuration", "Documents"]),
  tests(
    "AbaloneTests",
    [
      "Abalone", "Features", "LearningFormats", "Atelier", "AtelierStep", "Configuration",
      "Content", "Documents",
    ],
    exclude: ["abalone.flow"]),
]

let package = Package(
  name: "atelier",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "atelier", targets: ["atelier"]),
    .executable(name: "atelier-bench", targets: ["atelier-bench"]),
    // Usable alone: state machines as values, checked and drawn.
    .library(name: "States", targets: ["States"]),
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
    .target(name: "CLibpq"),

    // Vocabulary, stores, and what a step's author sees.
    // The words of the house as values: digests, keys and their documents, results, names of runs,
    // moments, canonical JSON. It may not know of a file, a store or a step.
    module("Content", ["CLibcrypto", "CSystem"]),
    // The manifest of a folder as one artifact: its paths, links and files by digest. It may not know
    // of a file of this machine.
    module("Trees", ["Content"]),
    // Names that people type: S3 URLs, and how near two words are. It may not know what is named.
    module("Names"),
    // Names as SageMaker accepts them, of any text, so that two never meet. It may not know what is
    // named.
    module("ServiceNames", ["Content"]),
    // Tags of AWS resources as people type them, by AWS's rules. It may not know of a service.
    module("Tagging"),
    // JSON documents that people write, member by member, so that an error names its position. It may
    // not know what a document is for.
    module("Documents", ["Content"]),
    // Policy documents of IAM, and whether they allow a request. It may not know what they are for.
    module("PolicyEvaluation", ["Content"]),
    // Who may do what in the accounts of a project, as policy documents. It asks no service.
    module("AccessPolicies", ["Content", "PolicyEvaluation"]),
    // Python files of constants, read as data and never executed. It may not know what they are for.
    module("PythonLiterals"),
    // Several accounts as values: sets, tiers, places, and how each is reached. It may not call a service,
    // and reads no file.
    module("Accounts", ["Atelier", "Content", "Documents", "Names", "PythonLiterals"]),
    // Templates of CloudFormation that are put together part by part. It may not know what is made.
    module("TemplateParts", ["Content"]),
    // The stacks of accounts as templates: trust, network, Studio, catalogue, access. It asks no service,
    // and may not know which account gets which.
    module("AccountTemplates", ["Accounts", "Content", "TemplateParts"]),
    // Projects, users, their pipelines and ingestion as templates. It asks no service.
    module(
      "ProjectTemplates", ["AccessPolicies", "Content", "ServiceNames", "TemplateParts"]),
    // Brings accounts to their stacks, in AWS or in folders, and removes them again. It may not know a
    // terminal, a configuration file or a project.
    module(
      "AccountDeployment",
      [
        "AccountTemplates", "Accounts", "AWS", "CloudFormation", "Content", "FileTools",
        "FolderAccounts", "HTTP", "ProjectTemplates", "S3", "Stack", "Tagging", "TemplateParts",
      ]),
    // Projects, their users and their ingestion in a dev account. It may not know a terminal or a
    // configuration file.
    module(
      "Projects",
      [
        "AccountDeployment", "AccountTemplates", "Accounts", "AWS", "CloudFormation", "Content",
        "HTTP", "Names", "ProjectTemplates", "S3", "ServiceNames", "Stack", "Tagging",
      ]),
    // An account that is a folder: stacks as documents, with the rules of CloudFormation. It may not know
    // what a stack is for.
    module("FolderAccounts", ["Content", "FileTools"]),
    // Where SageMaker's built-in images are in the registry, by region. It may not ask a registry.
    module("Registry"),
    // The app-config JSON of the SageMaker churn sample as values. It may not know of settings, and
    // reads no file.
    module("AppConfig", ["Documents", "ServiceNames"]),
    // The configuration: files, environment and options as typed values. It may not know of workshops.
    module("Configuration", ["Names"]),
    // Calls to the file system with errors that name the path: durable writes, identities of files,
    // locks, temporary files, trash, threads. It may not know of a store.
    module("FileTools", ["Content", "CSystem"]),
    // Digests of files by their identity and rows of results, in memory and in SQLite, which may vanish
    // at any moment. It may not know of a store, nor decide what is done with a file.
    module("FileIndex", ["Content", "CSQLite", "CSystem", "FileTools"]),
    // The folder of a store: where its parts lie, who uses it, its version and its locks. It may not
    // know of what the parts hold.
    module("StoreFolder", ["CSystem", "Content", "FileTools"]),
    // A store in a folder: blobs, trees, action results, run records, tags, locks. It may not know of
    // other machines, of graphs or of steps. Named in the plural, since a module cannot be named in a
    // qualified name when a type of the same name, `LocalStore`, is in it.
    module(
      "LocalStores", ["Content", "CSystem", "FileIndex", "FileTools", "StoreFolder", "Trees"]),
    // What files looked like when an answer was found, so that it holds while they are unchanged. It
    // may not know what was asked.
    module(
      "Stamps", ["Content", "CSystem", "FileIndex", "FileTools", "LocalStores", "StoreFolder"]),
    // A local store with a shared one behind it: what is fetched, uploaded, leased and remembered. It
    // may not know of a protocol of the network, of graphs or of steps.
    module(
      "RemoteCache", ["Content", "CSystem", "FileTools", "LocalStores", "StoreFolder", "Trees"]),
    // Objects elsewhere that a graph names as sources, and what is remembered of their versions. It may
    // not know a protocol.
    module("RemoteSources", ["Content", "FileTools", "LocalStores"]),
    // Garbage collection and checks for damage, of a folder and of a shared store. It may not know how
    // run records are written.
    module(
      "StoreMaintenance",
      [
        "Content", "FileIndex", "FileTools", "LocalStores", "RemoteCache", "Stamps", "StoreFolder",
        "Trees",
      ]),
    // Exports, which people and other tools read. It may not know of steps.
    module("Publishing", ["Content", "FileTools", "LocalStores", "StoreFolder", "Trees"]),
    // Files that arrive for a workshop, each content once. It may not know of workshops or runs.
    module("Inbox", ["Content", "CSystem", "FileTools", "LocalStores", "StoreFolder"]),
    // HTTP over libcurl: exchanges, streaming, retries, and the dates and escapes of requests. It
    // may not know of any service, signature or credential.
    module("HTTP", ["Content", "CCurl", "CSystem"]),
    // Signatures of version 4, as a function of a request, credentials and a moment. It may not send
    // anything or look for credentials.
    module("Signing", ["Content", "CLibcrypto", "HTTP"]),
    // What all services of AWS share: settings, credentials, signatures, XML, calls and faults. It
    // may not know of any one service.
    module("AWS", ["Content", "CSystem", "HTTP", "Signing", "Tagging"]),
    // The client of one bucket. It may not know of a store, or of what the objects mean.
    module("S3", ["AWS", "Content", "CSystem", "HTTP", "Signing"]),
    // An image of files in a folder: layers as tar archives, manifest, index. It may not know what the
    // image is for, nor a registry.
    module("OCI", ["Content", "CSystem", "FileTools", "Subprocess"]),
    // Sending an image to a registry by its HTTP API, and the credentials for it. It may not know what the
    // image holds.
    module(
      "ImageRegistry",
      ["AWS", "Content", "CSystem", "FileTools", "HTTP", "OCI", "Signing"]),
    // The calls that a stack needs: CloudFormation, and STS, EC2, EFS and SageMaker's domains as far
    // as they stand in its way. It may not know of what the stack is for.
    module("CloudFormation", ["AWS", "Content", "HTTP", "Signing", "Tagging"]),
    // A shared store, exports, sources and an inbox in buckets. It may not know what they mean for a
    // run.
    module(
      "S3Store",
      [
        "Content", "FileTools", "Inbox", "LocalStores", "Names", "Publishing", "RemoteCache",
        "RemoteSources", "S3", "StoreFolder",
      ]),
    module(
      "Stack", ["AWS", "CloudFormation", "Content", "HTTP", "S3", "Signing", "Tagging"]),
    // Records that are only added, in a folder or a bucket, each under a number of its own. It may not know
    // what they say.
    module(
      "EventLogs", ["Content", "CSystem", "FileTools", "RemoteCache", "S3"]),
    // Models with their figures, lineage and decisions, as values and in a log. It may not know of a run,
    // a file or a network.
    module("Models", ["Content", "EventLogs"]),
    // Signed statements of what made a model: in-toto, SLSA, DSSE, Ed25519. It may not know where they are
    // kept or where keys come from.
    module("Provenance", ["CLibcrypto", "Content"]),
    // The way of a model through the tiers: gates, order, records. It may not know of a store's bytes, an
    // account or an endpoint.
    module(
      "Promotion", ["Atelier", "Baselines", "Content", "EventLogs", "Models", "Provenance"]),
    // What runs cost by their records and one table of prices, and Cost Explorer's answer. It may not know
    // of a store.
    module("Costs", ["AWS", "Content"]),
    module("Baselines", ["Content"]),
    .target(
      name: "Report", dependencies: ["Content", "KeyNumbers"],
      exclude: ["Resources"], swiftSettings: strict, plugins: ["TextPlugin"]),
    module("AtelierStep", ["Content"]),
    module("Atelier", ["Names", "AtelierStep", "Content", "Configuration"]),
    // Key numbers and decisions of a run as values: read from short outputs, compared, worded. It may not
    // know of a store or of a terminal, and opens no file.
    module("KeyNumbers", ["Atelier", "AtelierStep", "Content", "CSV"]),
    module(
      "FeatureStore",
      ["AtelierStep", "Content", "FileTools", "LocalStores", "Publishing", "StoreFolder", "Trees"]),
    // A group of SageMaker's feature store that follows the log of ours. It may not know of files or SQL.
    module(
      "FeatureService",
      [
        "AWS", "AtelierStep", "Content", "FeatureStore", "FileTools", "HTTP", "SageMaker",
        "Workflows",
      ]),
    module("Subprocess", ["CSystem"]),
    module("DuckDB", ["AtelierStep", "Content", "Subprocess"]),
    // How values become values of another type in SQL without changing: the one reader of numbers and
    // times. It may not know of a file or a column.
    module("ValueSQL", ["AtelierStep", "DuckDB"]),
    // CSV by RFC 4180 over bytes: the one reader of the files that users bring. It may not know what a
    // column holds.
    module("CSV"),
    module("FeatureSQL", ["AtelierStep", "DuckDB"]),
    module("XGBoost", ["CXGBoost"]),
    // The forms of rows and predictions in requests: CSV, JSON, JSON lines and libsvm, and why a body is
    // refused. It may not know of a connection or load a model.
    module("RowFormats", ["XGBoost"]),
    // libmicrohttpd, and a server of pages over it. It may not know of what is served.
    module("MicroHTTP", ["CMicrohttpd"]),
    module(
      "Serve",
      ["XGBoost", "Content", "CMicrohttpd", "CSystem", "FileTools", "MicroHTTP", "RowFormats"]),
    // The programs, Pythons and packages of this machine, with all that they load, by content. It may
    // not know of an action.
    module("Programs", ["AtelierStep", "Content", "FileIndex", "FileTools", "Subprocess"]),
    // The process that a step runs in: what it is told, what it may use, what it says. It may not know
    // of a store.
    module(
      "Workers",
      ["Atelier", "AtelierStep", "CSystem", "Content", "FileTools", "Programs", "Subprocess"]),
    // One action: its key, its look-up, its run in a directory of its own, and its result. It may not
    // know of a graph's order or of other actions.
    module(
      "Execution",
      [
        "Atelier", "AtelierStep", "Content", "CSystem", "FeatureStore", "FileTools", "LocalStores",
        "Names", "Programs", "Publishing", "RemoteCache", "RemoteSources", "StoreFolder",
        "Subprocess", "Workers",
      ]),
    // What follows an action and is no part of its result: exports and ingestions. It may not know of
    // a graph's order.
    module(
      "Effects",
      [
        "Atelier", "AtelierStep", "Content", "CSV", "Execution", "FeatureStore", "FileTools",
        "LocalStores", "Publishing", "Trees", "Workers",
      ]),
    // What is known of a graph without running any of it: records, reasons, status. It may not write.
    module(
      "Planning",
      [
        "Atelier", "AtelierStep", "Content", "Effects", "Execution", "FileTools", "KeyNumbers",
        "LocalStores", "StoreMaintenance", "Workers",
      ]),
    // A shared store in a folder that many machines see. It may not know what its answers mean for a
    // run.
    module("FolderStores", ["Content", "CSystem", "FileTools", "RemoteCache", "StoreFolder"]),
    // The job's side of an engine: orders, answers, and a task that runs some steps on its node. It may
    // not know of a graph, a configuration or a cluster.
    module(
      "RemoteSteps",
      [
        "AtelierStep", "Content", "CSystem", "Execution", "FileTools", "LocalStores", "Programs",
        "RemoteCache", "StoreFolder", "Subprocess", "Workers",
      ]),
    // Bulk calls to clusters: submit, list, cancel. It may not know of a step or of a store.
    module("Clusters", ["FileTools", "Subprocess"]),
    // Where actions run: the seam between the order of a run and machines. It may not know of a graph.
    module(
      "Engines",
      [
        "Atelier", "AtelierStep", "Clusters", "Content", "CSystem", "Execution", "FileTools",
        "LocalStores", "Names", "RemoteCache", "RemoteSteps", "StoreFolder",
        "Subprocess", "Workers",
      ]),
    // The state of every node of a run as a value: which may begin when. It may not do anything.
    module("RunStates", ["Content"]),
    // What a run tells of itself while it goes on, as a file that others read. It may not know of a graph.
    module(
      "LiveRuns", ["Content", "CSystem", "Execution", "FileTools", "Planning", "StoreFolder"]),
    // The order of a run: which node may begin when, what the end of one means for the others, and
    // what a run leaves behind. It may not know of processes or of protocols.
    module(
      "Scheduling",
      [
        "Atelier", "AtelierStep", "Content", "CSystem", "Effects", "Engines", "Execution",
        "FileTools", "LiveRuns", "LocalStores", "Names", "Planning", "Programs", "RemoteCache",
        "RunStates", "Stamps", "Subprocess", "Workers",
      ]),

    // What the programs know beside the families and workshops above.
    .target(
      name: "LearningFormats", dependencies: ["AtelierStep"], path: "Steps/LearningFormats",
      swiftSettings: strict),
    // What families that learn share: rows of numbers, models of XGBoost, rankings, documents. It may
    // not know of a step or of a workshop.
    .target(
      name: "LearningTools", dependencies: ["AtelierStep", "LearningFormats", "XGBoost"],
      path: "Steps/LearningTools", swiftSettings: strict),
    .target(
      name: "PropensityFormats", dependencies: ["AtelierStep", "LearningFormats"],
      path: "Steps/PropensityFormats", swiftSettings: strict),
    // Features and explorations as SQL of Adobe's Query Service. It may not know of a connection.
    .target(
      name: "PlatformQueries",
      dependencies: ["AtelierStep", "Content", "Featurize", "PropensityFormats"],
      path: "Steps/PlatformQueries", swiftSettings: strict),
    // State machines of Step Functions as values, their checks and pictures. It may not know of a graph,
    // and asks no service.
    module("States", ["Content"]),
    // The plan of a run as one document: graph, settings, digests of sources. It runs nothing.
    module("Plans", ["Atelier", "AtelierStep", "Content"]),
    // Requests of jobs, models and endpoints of SageMaker, and their names. It knows no plan.
    module("Jobs", ["Content", "ServiceNames", "States"]),
    // SageMaker as a cluster: a training job a task. It may not know of a step or of a store.
    module("AWSClusters", ["AWS", "Clusters", "Content", "HTTP", "Jobs", "SageMaker"]),
    // A plan as documents of AWS: state machine and pipeline. It asks no service.
    module("Compile", ["Atelier", "Content", "Jobs", "Plans", "States"]),
    // A compiled machine as a template with the roles that it needs. It asks no service.
    module(
      "Templates",
      ["Atelier", "Compile", "Content", "Jobs", "Plans", "Registry", "ServiceNames", "States"]),
    // Calls to Adobe's platform: settings, token, envelope, errors, paging, data sets, batches, schemas.
    // It may not know of a graph, a store, a workshop or AWS.
    module("AdobePlatform", ["Configuration", "Content", "CSystem", "FileTools", "HTTP"]),
    // Queries of Adobe's Query Service: rows over its wire, tables that it makes once. It knows no step and
    // no meaning of a column.
    module(
      "QueryService",
      ["AdobePlatform", "CLibpq", "Configuration", "Content", "CSystem", "FileTools", "HTTP"]),
    // What steps ask of the live platform, done once each. It may not know of a graph.
    module(
      "PlatformActions",
      [
        "AdobePlatform", "AtelierStep", "Content", "CSystem", "DataFlows", "Execution", "FileTools",
        "PlatformQueries", "QueryService", "SchemaRegistry", "Segments",
      ]),
    // The bucket of data flows by S3, and the user whose keys they get. It may not know of a step.
    module(
      "PlatformStorage",
      ["AWS", "CloudFormation", "Configuration", "DataFlows", "HTTP", "PlatformActions", "S3"]),
    // Batches of the platform's data sets as sources of a graph. It may not know what a step does with
    // them.
    module(
      "PlatformSources",
      [
        "AdobePlatform", "Content", "FileTools", "HTTP", "LocalStores", "Names", "RemoteCache",
        "RemoteSources",
      ]),
    // Data sets to a bucket and files into data sets by Flow Service. It may not know of AWS's calls.
    module("DataFlows", ["AdobePlatform", "Configuration", "Content", "HTTP"]),
    // Segment definitions, jobs and what they reach. It may not know of a score's meaning.
    module("Segments", ["AdobePlatform", "Content", "HTTP"]),
    // Field groups, schemas and identities of the platform, and the things that a workshop keeps there.
    // It may not know of a terminal, a configuration file or a graph.
    module("SchemaRegistry", ["AdobePlatform", "Content", "HTTP"]),
    // A thin client of Step Functions: machines, executions, histories. It decides nothing.
    module("StepFunctions", ["AWS", "Content", "HTTP"]),
    // A thin client of SageMaker: pipelines, models, endpoints. It decides nothing.
    module("SageMaker", ["AWS", "Content", "HTTP"]),
    // Workflows that are deployed, started once for the same work, and followed. It knows no terminal
    // and no store.
    module(
      "Workflows",
      [
        "AWS", "Compile", "Content", "HTTP", "Jobs", "Plans", "SageMaker", "ServiceNames",
        "Signing", "StepFunctions",
      ]),
    // Endpoints that are created, updated, and brought back where that fails. It knows no terminal.
    module(
      "Endpoints",
      ["AWS", "Content", "Jobs", "SageMaker", "ServiceNames", "Workflows"]),
    // Rules of EventBridge that start a workflow once for a version of an object. It knows no terminal.
    module(
      "Triggers",
      ["AWS", "Content", "HTTP", "S3", "ServiceNames", "StepFunctions", "Workflows"]),
    // Steps of SQL and Python files and of programs in one line of wiring. It may not know of a workshop.
    module("ScriptSteps", ["Atelier", "AtelierStep", "Command", "Content", "Python", "SQL"]),
    module(
      "WorkshopInputs",
      ["Atelier", "AtelierStep", "Figures", "Learn", "LearningFormats", "Source"]),
    family("Synthetic", ["CSystem"]),

    // The surface: what the program's verbs are made of, the verbs by topic, and CLI, which joins
    // them.
    module("CommandLine", ["Names"]),
    module("Terminal", ["CSystem", "CommandLine", "Content", "Names", "Subprocess"]),
    module(
      "Project",
      [
        "Accounts", "AdobePlatform", "Atelier", "AtelierStep", "AWSClusters", "Clusters",
        "CommandLine", "Configuration", "Content", "CSystem", "Engines", "EventLogs", "Execution",
        "FileTools", "FolderStores", "HTTP", "Inbox", "Jobs", "LocalStores", "Models", "Names",
        "Planning", "PlatformActions", "PlatformSources", "PlatformStorage", "Programs",
        "Promotion", "Publishing", "PythonLiterals", "QueryService", "RemoteCache",
        "RemoteSources", "S3", "S3Store", "SageMaker", "StoreFolder", "StoreMaintenance",
        "Subprocess", "Tagging", "Terminal", "Workers",
      ]),
    module(
      "Inspection",
      [
        "Atelier", "AtelierStep", "CommandLine", "Content", "CSystem", "Execution", "KeyNumbers",
        "LocalStores", "Planning", "Project", "RemoteCache", "Subprocess", "Terminal",
      ]),
    module(
      "RunDisplay",
      [
        "Atelier", "Content", "Engines", "Execution", "FileTools", "KeyNumbers", "LocalStores",
        "Planning", "Subprocess", "Terminal",
      ]),
    // The models that recorded runs made, as entries of the registry. It may not decide about them.
    module(
      "ModelRuns",
      [
        "Content", "FileTools", "Inspection", "LocalStores", "Models", "Planning", "Project",
        "RemoteCache", "Terminal",
      ]),
    // Events of OpenLineage for a run, to a file or a server. It may not know of settings or of a terminal.
    module(
      "Lineage",
      [
        "Atelier", "Content", "CSystem", "Engines", "Execution", "FileTools", "HTTP",
      ]),
    // Decisions about models as model packages of SageMaker, and models as its archives. It may not know
    // of a store.
    module("ModelPackages", ["Content", "Models", "OCI", "SageMaker"]),
    module(
      "Regression",
      [
        "Atelier", "Baselines", "CommandLine", "Configuration", "Content", "CSystem", "Execution",
        "Inspection", "KeyNumbers", "LocalStores", "Planning", "Project", "RunDisplay",
        "Scheduling", "Terminal",
      ]),
    module(
      "ReportBuilding",
      [
        "Atelier", "CommandLine", "Content", "Execution", "Inspection", "KeyNumbers", "LocalStores",
        "Planning", "Project", "Report", "RunDisplay", "Terminal",
      ]),
    module(
      "RunVerbs",
      [
        "Atelier", "Baselines", "Clusters", "CommandLine", "Content", "CSystem", "Effects",
        "Engines", "Execution", "FileTools", "FolderStores", "HTTP", "Inspection", "KeyNumbers",
        "Lineage", "LocalStores", "Names", "Planning", "Project", "Regression", "RemoteCache",
        "RemoteSteps", "RunDisplay", "Scheduling", "StoreFolder", "Subprocess", "Terminal",
      ]),
    module(
      "ReadVerbs",
      [
        "Atelier", "AtelierStep", "CommandLine", "Content", "CSystem", "DuckDB", "Execution",
        "FileTools", "Inspection", "KeyNumbers", "LocalStores", "Names", "Planning", "Project",
        "Report", "ReportBuilding", "RunDisplay", "StoreFolder", "Subprocess", "Terminal",
      ]),
    module(
      "StoreVerbs",
      [
        "Atelier", "CommandLine", "Content", "EventLogs", "Execution", "FileTools", "LocalStores",
        "Models", "Planning", "Project", "Promotion", "RemoteCache", "RunDisplay", "StoreFolder",
        "StoreMaintenance", "Terminal",
      ]),
    module(
      "EngineVerbs",
      [
        "Clusters", "CommandLine", "Content", "CSystem", "Engines", "Execution", "FileTools",
        "Project", "RemoteCache", "RemoteSteps", "Subprocess", "Terminal",
      ]),
    module(
      "StackVerbs",
      [
        "AWS", "Atelier", "CloudFormation", "CommandLine", "Configuration", "Content", "Project",
        "Stack", "Terminal",
      ]),
    // The verbs about who may do what in several accounts. They ask no service.
    module(
      "AccessVerbs",
      [
        "AccessPolicies", "AccountCalls", "AccountDeployment", "Accounts", "CommandLine", "Content",
        "Documents", "Names", "PolicyEvaluation", "Project", "Projects", "ProjectTemplates",
        "Terminal",
      ]),
    // The verbs about what a workshop keeps on Adobe's platform. They may not know how a run uses it.
    module(
      "PlatformVerbs",
      [
        "AdobePlatform", "Atelier", "CommandLine", "Content", "Execution", "FileTools", "Planning",
        "Project", "SchemaRegistry", "Terminal",
      ]),
    module(
      "ServeVerbs",
      [
        "Atelier", "AtelierStep", "CommandLine", "Configuration", "Content", "Execution",
        "FileTools", "HTTP", "Inbox", "LocalStores", "Names", "Planning", "Project", "RemoteCache",
        "RowFormats", "RunDisplay", "S3Store", "Scheduling", "Serve", "StoreFolder", "Terminal",
        "Trees", "Workers",
      ]),
    module(
      "FeatureVerbs",
      [
        "Atelier", "AtelierStep", "CommandLine", "Content", "DuckDB", "FeatureService",
        "FeatureSQL", "FeatureStore", "FileTools", "Jobs", "LocalStores", "Project", "Publishing",
        "SageMaker", "Subprocess", "Terminal", "Workflows",
      ]),
    // What a page shows of a store, as JSON values. It may not know of HTTP or of a page.
    module(
      "Browsing",
      [
        "Atelier", "CommandLine", "Content", "CSystem", "Execution", "FileTools", "Inspection",
        "KeyNumbers", "LiveRuns", "LocalStores", "Planning", "Project", "Report", "ReportBuilding",
        "RunDisplay", "Serve", "Terminal",
      ]),
    // The page in the browser: its files, who may read it, its paths and events, and the verb.
    .target(
      name: "BrowseVerbs",
      dependencies: [
        "Browsing", "CommandLine", "Content", "FeatureVerbs", "FileTools", "LiveRuns",
        "LocalStores", "MicroHTTP", "Planning", "Project", "ReportBuilding", "StoreFolder",
        "Terminal",
      ],
      exclude: ["Page"], swiftSettings: settings("BrowseVerbs"), plugins: ["TextPlugin"]),
    // The container image of the project: what it holds, and the verbs that build and push it.
    module(
      "ImageVerbs",
      [
        "Atelier", "AtelierStep", "AWS", "CommandLine", "Configuration", "Content", "FileIndex",
        "FileTools", "HTTP", "ImageRegistry", "Names", "OCI", "Programs", "Project", "Subprocess",
        "Tagging", "Terminal",
      ]),
    // The verbs that print a plan, and documents of AWS that are made of one.
    module(
      "CompileVerbs",
      [
        "Atelier", "CommandLine", "Compile", "Content", "Execution", "FileTools", "Jobs",
        "Planning", "Plans", "Project", "Registry", "States", "Templates", "Terminal", "Workers",
      ]),
    // A job of a plan in a container: its request, its steps, what it leaves. It reads no configuration
    // file and may not know how a workflow is made.
    module(
      "JobRuns",
      [
        "Atelier", "AtelierStep", "AWS", "CommandLine", "Configuration", "Content", "CSystem",
        "Execution", "FileTools", "HTTP", "LocalStores", "Names", "Planning", "Plans", "Project",
        "RemoteCache", "RunDisplay", "S3", "Scheduling", "Subprocess", "Terminal", "Trees",
      ]),
    // The verbs that deploy, start and follow what is compiled, and record what it made.
    module(
      "WorkflowVerbs",
      [
        "Atelier", "AtelierStep", "CommandLine", "Compile", "CompileVerbs", "Content", "Engines",
        "Execution",
        "Jobs", "LocalStores", "Planning", "Plans", "Project", "RemoteCache", "S3", "Scheduling",
        "States", "Subprocess", "Terminal", "Triggers", "Workflows",
      ]),
    // The verbs about endpoints of SageMaker.
    module(
      "EndpointVerbs",
      [
        "AWS", "CommandLine", "Content", "Endpoints", "HTTP", "Jobs", "Names", "Project", "S3",
        "SageMaker", "ServiceNames", "Terminal", "Workflows",
      ]),
    // What the verbs about accounts and projects share: the set that is meant, its accounts opened once.
    module(
      "AccountCalls",
      [
        "AccessPolicies", "AccountDeployment", "Accounts", "AccountTemplates", "AWS", "CommandLine",
        "Content", "Endpoints", "FolderAccounts", "HTTP", "Project", "Projects", "SageMaker",
        "Signing", "Stack", "Tagging", "Terminal", "Workflows",
      ]),
    // The verbs about accounts: check, plan, deploy, status, destroy.
    module(
      "AccountVerbs",
      [
        "AccountCalls", "AccountDeployment", "Accounts", "AWS", "CloudFormation", "CommandLine",
        "Content", "FolderAccounts", "HTTP", "Project", "Projects", "Stack", "Terminal",
      ]),
    // The verbs about projects: create, list, delete, users, CI/CD, ingestion.
    module(
      "ProjectVerbs",
      [
        "AccountCalls", "AccountDeployment", "Accounts", "CommandLine", "Content", "Project",
        "ProjectTemplates", "Projects", "Registry", "Tagging", "TemplateParts", "Terminal",
      ]),
    // What the verbs about models have in common: the registry that a session means, who decides, where
    // keys come from, the mirror. It may not know of a tier.
    module(
      "ModelSessions",
      [
        "AtelierStep", "AWS", "CloudFormation", "CommandLine", "Content", "FileTools", "HTTP",
        "LocalStores", "ModelPackages", "ModelRuns", "Models", "Names", "Planning", "Project",
        "Promotion", "Provenance", "RemoteCache", "S3", "Subprocess", "Terminal", "Workflows",
      ]),
    // The verbs that bring models into tiers: stores of accounts, transfers, endpoints.
    module(
      "PromotionVerbs",
      [
        "AccountCalls", "Accounts", "AWS", "Baselines", "CloudFormation", "CommandLine", "Content",
        "CSystem", "Endpoints", "EventLogs", "FolderStores", "HTTP", "LocalStores", "ModelPackages",
        "Models", "ModelSessions", "Names", "Project", "ProjectTemplates", "Promotion",
        "Provenance", "Regression", "RemoteCache", "RowFormats", "S3", "S3Store", "Serve",
        "Signing", "StoreFolder", "Terminal", "Workflows",
      ]),
    // The verbs about models: the registry, provenance, costs.
    module(
      "ModelVerbs",
      [
        "AWS", "CommandLine", "Content", "Costs", "ModelSessions", "Models", "Names", "Planning",
        "Project", "PromotionVerbs", "Provenance", "Terminal", "Workflows",
      ]),
    // What a notebook becomes: a Python program reads its cells, sections and names. It may not know of
    // a workshop or of Swift sources.
    .target(
      name: "Notebooks", dependencies: ["Content", "Subprocess"],
      exclude: ["Reader"], swiftSettings: settings("Notebooks"), plugins: ["TextPlugin"]),
    .target(
      name: "AuthorVerbs",
      dependencies: [
        "Atelier", "AtelierStep", "CommandLine", "Configuration", "Content", "Execution",
        "FileTools", "Project", "Subprocess", "Terminal",
      ],
      exclude: ["Templates"], swiftSettings: settings("AuthorVerbs"), plugins: ["TextPlugin"]),
    // The Swift sources and files that a notebook becomes. It may not know how a notebook is read.
    module(
      "ImportVerbs",
      [
        "Atelier", "AtelierStep", "AuthorVerbs", "CommandLine", "Content", "Execution", "Notebooks",
        "Project", "Python", "Terminal",
      ]),
    // The locked packages of Python steps: making a lock, and what is in one.
    module(
      "EnvironmentVerbs",
      [
        "Atelier", "AtelierStep", "CommandLine", "Content", "Execution", "LocalStores", "Planning",
        "Project", "Python", "ScriptSteps", "Subprocess", "Terminal", "Trees",
      ]),
    module(
      "CLI",
      [
        "AccessVerbs", "AccountDeployment", "Accounts", "AccountVerbs", "AdobePlatform", "Atelier",
        "AtelierStep", "AuthorVerbs", "AWS", "Baselines", "BrowseVerbs", "CommandLine",
        "CompileVerbs", "Configuration", "Content", "CSystem", "Documents", "EndpointVerbs",
        "Engines",
        "EngineVerbs", "EnvironmentVerbs", "EventLogs", "Execution", "FeatureStore", "FeatureVerbs",
        "FileTools", "FolderAccounts", "FolderStores", "HTTP", "ImageRegistry", "ImageVerbs",
        "ImportVerbs", "JobRuns", "LocalStores", "MicroHTTP", "Models", "ModelVerbs", "Names",
        "OCI",
        "Planning", "PlatformVerbs", "Programs", "Project", "ProjectVerbs", "Promotion",
        "Provenance",
        "ReadVerbs", "Regression", "RemoteCache", "RemoteSteps", "RunVerbs", "S3", "S3Store",
        "Serve", "ServeVerbs", "Stack", "StackVerbs", "StoreFolder", "StoreMaintenance",
        "StoreVerbs", "Subprocess", "Terminal", "Trees", "Workers", "Workflows", "WorkflowVerbs",
        "XGBoost",
      ]),
    .executableTarget(
      name: "atelier",
      dependencies: ["CLI", "Atelier", "AtelierStep"]
        + (families + workshops).map { .byName(name: $0.name) },
      path: "Sources/AtelierProgram", swiftSettings: strict,
      linkerSettings: programLinking, plugins: ["ProgramPlugin"]),
    // The same engine over synthetic graphs, and measurements of the store, for `make bench`.
    .executableTarget(
      name: "atelier-bench",
      dependencies: [
        "Atelier", "AtelierStep", "AWS", "CLI", "Content", "CSystem", "FileTools", "LocalStores",
        "Publishing", "RemoteCache", "S3", "S3Store", "Synthetic",
      ],
      path: "Sources/AtelierBench", swiftSettings: strict, linkerSettings: programLinking),

    // The digests of code, without comments and layout. It may not know of a family or a folder.
    module("Fingerprint", ["CLibcrypto"]),
    // What the build writes by itself: the mechanical parts of authors' code. It may not know of a
    // folder, nor of how fingerprints are used.
    module("CodeGeneration", ["Fingerprint"]),
    .executableTarget(
      name: "code-generator", dependencies: ["CodeGeneration", "Fingerprint"],
      path: "Sources/CodeGenerator", swiftSettings: strict),
    .plugin(
      name: "FamilyPlugin", capability: .buildTool(), dependencies: ["code-generator"],
      path: "Sources/FamilyPlugin"),
    .plugin(
      name: "ProgramPlugin", capability: .buildTool(), dependencies: ["code-generator"],
      path: "Sources/ProgramPlugin"),
    .plugin(
      name: "TextPlugin", capability: .buildTool(), dependencies: ["code-generator"],
      path: "Sources/TextPlugin"),
    .plugin(
      name: "WorkshopPlugin", capability: .buildTool(), dependencies: ["code-generator"],
      path: "Sources/WorkshopPlugin"),

    // Doubles and tests.
    .executableTarget(
      name: "atelier-fixture",
      dependencies: [
        "CLI", "Atelier", "AtelierStep", "Command", "Content", "LearningFormats", "Python",
        "ScriptSteps", "SQL",
      ],
      path: "Tests/FixtureProgram", swiftSettings: strict),
    .executableTarget(
      name: "subprocess-probe", dependencies: ["Subprocess", "CSystem"],
      path: "Sources/SubprocessProbe", swiftSettings: strict),
    .executableTarget(
      name: "aws-probe", dependencies: ["AWS", "CSystem", "S3"], path: "Sources/AWSProbe",
      swiftSettings: strict),
    module(
      "AtelierTesting",
      ["AtelierStep", "Content", "FileTools", "LocalStores", "Subprocess"]),
    // Spaces, servers and terminals in which end-to-end tests start the programs.
    .target(
      name: "EndToEndHarness",
      dependencies: [
        "AWS", "AtelierStep", "AtelierTesting", "Content", "FeatureStore", "HTTP", "LocalStores",
        "Publishing", "S3", "XGBoost",
      ],
      path: "Tests/Harness",
      exclude: [
        "browser.py", "file_server.py", "hostile_bucket.py", "serve_load.py", "strict_bucket.py",
      ],
      swiftSettings: strict),
    // The sandbox of Adobe's platform, and a test's part of it.
    .target(
      name: "PlatformHarness",
      dependencies: [
        "AdobePlatform", "AtelierTesting", "Configuration", "Content", "HTTP", "Subprocess",
      ],
      path: "Tests/PlatformHarness", swiftSettings: strict),
    tests("ContentTests", ["Content"]),
    tests(
      "PlatformTests",
      [
        "AdobePlatform", "Configuration", "Content", "DataFlows", "FileTools", "HTTP",
        "PlatformHarness", "SchemaRegistry", "Segments", "Subprocess",
      ]),
    tests("NamesTests", ["Names"]),
    tests("AccessTests", ["AccessPolicies", "PolicyEvaluation", "Content"]),
    tests("TaggingTests", ["Tagging"]),
    tests(
      "AccountDeploymentTests",
      [
        "AccountDeployment", "Accounts", "Content", "FolderAccounts", "ProjectTemplates",
        "Projects", "Tagging",
      ]),
    tests("AccountsTests", ["Accounts", "Atelier", "Configuration", "PythonLiterals"]),
    tests(
      "ModelsTests",
      [
        "Baselines", "Content", "Costs", "EventLogs", "ModelPackages", "Models", "Promotion",
        "Provenance", "Subprocess",
      ]),
    tests("BaselinesTests", ["Baselines", "Content"]),
    tests("ReportTests", ["Report", "Content"]),
    tests("BrowseTests", ["Browsing", "BrowseVerbs", "MicroHTTP"]),
    tests(
      "LiveRunsTests",
      ["Content", "Execution", "FileTools", "LiveRuns", "LocalStores", "StoreFolder"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("FingerprintTests", ["CodeGeneration", "Fingerprint"]),
    tests("FileToolsTests", ["Content", "CSystem", "FileTools", "LocalStores"]),
    tests(
      "LocalStoresTests",
      ["Content", "FileIndex", "FileTools", "LocalStores", "StoreFolder", "Trees"]),
    // What everybody can write is read without a crash, whatever it is.
    tests(
      "ReaderTests",
      [
        "Accounts", "AdobePlatform", "AtelierStep", "Baselines", "Configuration", "Content",
        "EventLogs", "Execution", "FeatureStore", "FileIndex", "FileTools", "FolderAccounts",
        "ImageRegistry", "Inbox", "JobRuns", "LiveRuns", "LocalStores", "Models", "Names", "OCI",
        "Planning", "PlatformActions", "PlatformSources", "Plans", "Programs", "Promotion",
        "Provenance", "Publishing", "PythonLiterals", "RemoteCache", "RemoteSources", "RemoteSteps",
        "Stamps", "StoreFolder", "StoreMaintenance", "Subprocess",
      ]),
    tests(
      "OCITests",
      ["Content", "FileTools", "HTTP", "ImageRegistry", "OCI", "Signing", "Subprocess"],
      exclude: ["cutting_relay.py", "token_server.py"]),
    tests("WorkflowsTests", ["AWS", "Content", "HTTP", "StepFunctions", "Workflows"]),
    tests("StatesTests", ["Content", "States", "Subprocess"]),
    tests("AppConfigTests", ["AppConfig", "Documents", "Registry"]),
    tests("ServiceNamesTests", ["ServiceNames"]),
    tests(
      "QueryServiceTests",
      [
        "AdobePlatform", "AtelierStep", "Configuration", "Content", "DuckDB", "Featurize", "HTTP",
        "PlatformHarness", "PlatformQueries", "PropensityFormats", "QueryService", "SQL",
        "Subprocess",
      ], exclude: ["Golden"]),
    tests("JobsTests", ["Content", "Jobs", "ServiceNames", "States"]),
    tests(
      "CompileTests",
      [
        "Atelier", "AtelierStep", "Compile", "Content", "JobRuns", "Jobs", "Names", "Plans",
        "States", "Templates",
      ]),
    tests("ProgramsTests", ["Content", "FileIndex", "FileTools", "Programs", "Subprocess"]),
    tests("EnginesTests", ["AWSClusters", "Clusters", "Content", "Engines", "RemoteSteps"]),
    tests(
      "FolderStoresTests",
      ["Content", "FileTools", "FolderStores", "RemoteCache", "StoreFolder"]),
    tests("InboxTests", ["Content", "Inbox", "LocalStores", "StoreFolder"]),
    tests(
      "StoreMaintenanceTests",
      [
        "Content", "FileIndex", "FileTools", "LocalStores", "RemoteCache", "StoreFolder",
        "StoreMaintenance",
      ]),
    tests(
      "FeatureStoreTests",
      ["AtelierStep", "Content", "FeatureStore", "LocalStores", "Publishing", "StoreFolder"]),
    tests("FeatureSQLTests", ["FeatureSQL", "AtelierStep", "DuckDB", "Subprocess"]),
    .testTarget(
      name: "AWSTests",
      dependencies: [
        "AWS", "CloudFormation", "Content", "HTTP", "ImageRegistry", "S3", "Signing", "Subprocess",
        "Tagging", "AtelierTesting", "aws-probe",
      ],
      exclude: ["faulty_proxy.py", "real_clients.py"], swiftSettings: strict),
    tests(
      "S3StoreTests",
      [
        "AtelierStep", "Content", "FeatureStore", "HTTP", "LocalStores", "Publishing",
        "RemoteCache", "RemoteSources", "S3", "S3Store", "StoreMaintenance", "Trees",
      ]),
    tests("AtelierStepTests", ["AtelierStep", "Content"]),
    tests("PythonTests", ["AtelierStep", "Python"]),
    tests(
      "SQLTests",
      ["Atelier", "AtelierStep", "Content", "LearningFormats", "ScriptSteps", "SQL"]),
    tests("AtelierTests", ["Atelier", "AtelierStep", "Configuration", "Content"]),
    tests("CSVTests", ["CSV"]),
    tests("KeyNumbersTests", ["Atelier", "AtelierStep", "Content", "KeyNumbers"]),
    tests("NotebooksTests", ["Content", "Notebooks", "Subprocess"], exclude: ["run_steps.py"]),
    tests("ValueSQLTests", ["DuckDB", "ValueSQL"]),
    tests("SubprocessTests", ["Subprocess", "CSystem", "subprocess-probe"]),
    tests("RowFormatsTests", ["RowFormats"]),
    tests("ServeTests", ["Serve", "RowFormats", "XGBoost", "Content"]),
    tests(
      "SchedulingTests",
      [
        "Atelier", "AtelierStep", "Content", "Engines", "Execution", "FileTools", "LocalStores",
        "Planning", "Programs", "Publishing", "RunStates", "Scheduling", "Subprocess", "Workers",
      ]),
    tests("EffectsTests", ["Content", "Effects"]),
    tests("CommandLineTests", ["CommandLine"]),
    tests("TerminalTests", ["Terminal"]),
    tests(
      "DocumentationTests",
      [
        "Abalone", "Atelier", "AtelierStep", "Churn", "CLI", "Command", "CommandLine", "Content",
        "DuckDB", "LearningFormats", "Project", "Propensity", "PropensityFormats", "Retail",
        "RunStates", "Scheduling", "Terminal",
      ]),
    tests(
      "CLITests",
      [
        "Atelier", "AtelierStep", "CLI", "CommandLine", "Content", "Engines", "Execution",
        "FeatureStore", "FeatureVerbs", "Inspection", "LocalStores", "Planning", "Project",
        "Publishing", "ReportBuilding", "RunDisplay", "Scheduling", "StoreVerbs", "Terminal",
      ]),
    tests(
      "EndToEndTests",
      [
        "AWS", "Content", "EndToEndHarness", "Fingerprint", "HTTP", "PlatformHarness", "S3",
        "Subprocess",
        "atelier-bench", "atelier-fixture",
      ],
      exclude: [
        "Authoring/wheels.py", "Cloud/read_exports.py", "Conformance/Conformance.md",
        "Faults/Stores",
        "Features/read_features.py", "Report/browse_report.py", "UI/browse_ui.py",
        "UI/make_runs.py",
      ]),
  ] + families + workshops + workshopTests,
  swiftLanguageModes: [.v6]
)

// One test target and what it needs: `make test ONLY=TrainTests`.
if let only = Context.environment["ATELIER_ONLY"] {
  package.targets.removeAll { $0.type == .test && $0.name != only }
}
