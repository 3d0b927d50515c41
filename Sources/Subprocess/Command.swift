// What program to start, and how it is held; knows nothing of pipes, waiting or steps.
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program with everything that it may see of its surroundings.
///
/// Nothing is inherited but the user and the limits: the environment is whole, descriptors other
/// than 0, 1 and 2 are closed, signals have their default actions.
public struct Command: Sendable, Equatable {
  /// The program's absolute path; no search in PATH.
  public var executable: String
  /// The name that the program is told for itself; nil: its path.
  public var name: String?
  /// Its arguments, without the program's own name.
  public var arguments: [String]
  /// The whole environment.
  public var environment: [String: String]
  /// The working directory; nil: that of this process.
  public var directory: String?
  /// Whether a small supervisor in between sees to it that no descendant is left.
  ///
  /// It kills them when the program ends or this process dies, also those that left the program's
  /// group. Linux only; elsewhere the group is killed.
  public var supervised: Bool
  /// Gives the program a process group of its own, which is killed as a whole.
  ///
  /// A step's tool
  /// started inside a worker stays in the worker's group: false.
  public var newGroup: Bool
  /// Sent to the program when the thread that started it ends (Linux only); 0: nothing.
  public var deathSignal: Int32
  /// Seconds between SIGTERM and SIGKILL when the program is to end early.
  public var grace: Double
  /// What the program and its children may touch; nil: what this process may.
  public var sandbox: Sandbox?

  /// A supervised program in a group of its own, unless told otherwise.
  public init(
    executable: String, name: String? = nil, arguments: [String] = [],
    environment: [String: String] = [:],
    directory: String? = nil, supervised: Bool = true, newGroup: Bool = true,
    deathSignal: Int32 = SIGKILL, grace: Double = 0.5, sandbox: Sandbox? = nil
  ) {
    self.executable = executable
    self.name = name
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.supervised = supervised
    self.newGroup = newGroup
    self.deathSignal = deathSignal
    self.grace = grace
    self.sandbox = sandbox
  }
}
