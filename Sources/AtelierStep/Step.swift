// The protocol that every step conforms to. It knows nothing of graphs, stores or the engine.

/// A typed unit of work: stored properties are its inputs, parameters and outputs.
///
///     public struct Features: Step {
///       public var events: Artifact<EventTable>          // an input
///       public var seed: Int                             // a parameter
///       public var part = Output<FeatureTable>()         // an output
///
///       public func run(in context: StepContext) throws {
///         // read context.path(events), write context.path(part)
///       }
///     }
///
/// In a family the build writes an initializer over the properties, the code's fingerprint, and the list
/// by which workers find the step. A step has a file of its own, which declares nothing else that other
/// files could use.
///
/// Everything that may change the bytes is a stored property, a declared program or the code, and
/// enters the action key. How fast or how loud a step runs is not, and is no stored property.
/// What a step may say, but never make, is an ``Unkeyed`` property: what a user calls an input.
/// A step never sees the clock, the network's state or the machine: what it needs is an input.
public protocol Step: Codable, Sendable {
  /// The step's code: its file, the family's files without a step, and what the family imports.
  ///
  /// The build writes it for each step of a family.
  static var code: CodeFingerprint { get }
  /// The step's name within its family; the type's name unless given, written by the build.
  static var stepName: String { get }
  /// Whether the step has a process of its own; `.process` unless given.
  static var isolation: Isolation { get }
  /// The programs and libraries that make the bytes.
  var programs: [Program] { get }
  /// The SQL texts that this step runs, by file name; each enters this step's key alone.
  var sql: [String: String] { get }
  /// The texts in other languages that this step runs, by file name; each enters this step's key
  /// alone.
  var scripts: [String: String] { get }
  /// Whether the step may use the network; false unless given.
  var usesNetwork: Bool { get }
  /// Retries and time-outs, which never change the bytes.
  var limits: StepLimits { get }
  /// Does the work: reads inputs, writes every declared output, throws on failure.
  func run(in context: StepContext) throws
}

extension Step {
  /// The name of the type.
  public static var stepName: String { String(describing: Self.self) }
  /// A process of its own.
  public static var isolation: Isolation { .process }
  /// No program.
  public var programs: [Program] { [] }
  /// No SQL.
  public var sql: [String: String] { [:] }
  /// No script.
  public var scripts: [String: String] { [:] }
  /// Everything that it runs as text, by file name.
  package var texts: [String: String] { sql.merging(scripts) { $1 } }
  /// No network.
  public var usesNetwork: Bool { false }
  /// No retries and no timeout.
  public var limits: StepLimits { StepLimits() }
}

/// Where a step runs.
public enum Isolation: String, Sendable {
  /// In a worker process of its own, confined to what it declared.
  case process
  /// In the runner. Such a step may start no program and open no library.
  case inProcess
  /// In the runner, with calls to the platform; a worker has neither network nor secrets.
  ///
  /// Such a step may start no program and open no library.
  case platform
}

/// What a step may ask of the scheduler.
///
/// Not part of the key.
public struct StepLimits: Sendable, Hashable {
  /// How often a failed attempt is repeated.
  public var retries: Int
  /// Seconds before the first repetition.
  public var retryDelay: Double
  /// What the delay is multiplied by for each further repetition.
  public var backoff: Double
  /// Seconds after which an attempt is ended; nil for no limit.
  public var timeout: Double?
  /// Cores that an engine reserves.
  public var cpus: Int
  /// Bytes of memory that an engine reserves; nil for its own default.
  public var memory: Int64?
  /// Graphics processors that an engine reserves.
  public var gpus: Int
  /// Whether a step that ran out of memory on an engine is tried once more with twice as much.
  public var mayGrow: Bool

  /// Limits; by default there are no retries and no timeout, and one core is reserved.
  public init(
    retries: Int = 0, retryDelay: Double = 1, backoff: Double = 2, timeout: Double? = nil,
    cpus: Int = 1, memory: Int64? = nil, gpus: Int = 0, mayGrow: Bool = false
  ) {
    self.retries = retries
    self.retryDelay = retryDelay
    self.backoff = backoff
    self.timeout = timeout
    self.cpus = cpus
    self.memory = memory
    self.gpus = gpus
    self.mayGrow = mayGrow
  }

  /// Seconds to wait before a repetition, the first being 1; at most a day.
  public func delay(before repetition: Int) -> Double {
    var delay = retryDelay
    for _ in 1..<max(1, repetition) where delay < 86_400 { delay *= backoff }
    return min(max(delay, 0), 86_400)
  }
}

/// An external program or library by name; the machine's configuration says where it is.
public struct Program: Sendable, Hashable {
  /// The name under which it enters the key, for example `duckdb`.
  public let name: String
  /// False for a library that is opened, true for a program that is started.
  public let isExecutable: Bool
  /// Files and folders of the system that it reads besides, such as certificates.
  ///
  /// A relative path starts at the folder of the program.
  /// They are part of the machine, not of the key, so nothing that may change a result belongs
  /// here.
  public let systemFiles: [String]
  /// Packages of the system whose files it reads, starts and loads; with them those that they depend
  /// on.
  ///
  /// The versions of all of them enter the key.
  public let packages: [String]
  /// Which modules a Python brings; programs that are no Python bring none.
  public let python: PythonModules

  /// A program or library by its name.
  public init(
    _ name: String, isExecutable: Bool = true, systemFiles: [String] = [],
    packages: [String] = [], python: PythonModules = .none
  ) {
    self.name = name
    self.isExecutable = isExecutable
    self.systemFiles = systemFiles
    self.packages = packages
    self.python = python
  }

  /// Packages of the system, such as `python3`, with all that they depend on.
  ///
  /// A step may read, start and load what they brought: interpreters need it, whose modules are many
  /// files. Steps with other versions of these packages have other keys.
  public static func system(packages: [String]) -> Program {
    Program("", isExecutable: false, packages: packages)
  }

  /// Whether it is a file of its own, and not packages only.
  public var isFile: Bool { !name.isEmpty }
}

/// The modules that belong to a Python and are in the key with it.
public enum PythonModules: String, Sendable, Hashable {
  /// None: it is not started as one.
  case none
  /// The standard library.
  case standard
  /// The standard library and what is installed beside it, or in its virtual environment.
  case all
}

/// A failure that a step reports in its own words.
public struct StepFailure: Error, CustomStringConvertible {
  /// What failed, in one sentence.
  public let description: String
  /// A failure with its description.
  public init(_ description: String) { self.description = description }
}
