// The paths that any program needs to start: the one list, with the reason for each.

extension Sandbox {
  /// What may be done with a path.
  public enum Access: Sendable, Equatable {
    /// Reading files and listing folders.
    case read
    /// Reading and executing.
    case execute
    /// Listing names.
    case list
    /// Everything.
    case write

    var mode: CChar {
      switch self {
      case .read: CChar(UInt8(ascii: "r"))
      case .execute: CChar(UInt8(ascii: "x"))
      case .list: CChar(UInt8(ascii: "l"))
      case .write: CChar(UInt8(ascii: "w"))
      }
    }
  }

  /// Allowed in every sandbox.
  ///
  /// What is here is in no key, so it must not alter a step's bytes: programs, libraries and all else
  /// that do are declared and hashed.
  public static let systemPaths: [(path: String, access: Access)] = [
    // How the loader finds the libraries whose digests are in the key.
    ("/etc/ld.so.cache", .read),
    // The tables of LC_ALL=C.UTF-8, whose digest is in each key.
    ("/usr/lib/locale/C.utf8", .read),
    // A program's own files in /proc/self. The kernel knows no rule for "the own process only"; of
    // other processes it shows a confined one no memory and no environment.
    ("/proc", .read),
    // How many processors and how much memory a group of processes may use; DuckDB does not start
    // where it may not read it. What a step makes must not depend on it, as on the machine.
    ("/sys/fs/cgroup", .read),
    // Devices without content.
    ("/dev/null", .write), ("/dev/zero", .write), ("/dev/full", .write),
    ("/dev/random", .read), ("/dev/urandom", .read),
  ]
}

/// Why a process could not be confined.
public enum SandboxError: Error, Equatable, CustomStringConvertible {
  /// The kernel has no Landlock, or it is switched off.
  case unavailable
  /// The kernel refused the rule for this path, or the whole.
  case refused(path: String?, reason: String)
  /// Other threads run already and would stay free.
  case otherThreads(Int)

  /// What was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .unavailable:
      "this kernel can't confine programs (Landlock, Linux 5.13 or newer, is missing or not in "
        + "its lsm= list): run without confinement, or use another kernel"
    case .refused(let path?, let reason):
      "the declared path '\(path)' can't be allowed in the sandbox (\(reason)): it must exist "
        + "before the program starts"
    case .refused(nil, let reason):
      "the kernel refused to confine the program: \(reason)"
    case .otherThreads(let count):
      "\(count) threads run where 1 was expected: confine before any other thread starts"
    }
  }
}
