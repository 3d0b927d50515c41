// The paths that any program needs to start: the one list, with the reason for each.

extension Sandbox {
  /// What may be done with a path.
  public enum Access: Sendable, Equatable {
    /// Reading files and listing folders.
    case read
    /// Reading and executing.
    case execute
    /// Everything.
    case write

    var mode: CChar {
      switch self {
      case .read: CChar(UInt8(ascii: "r"))
      case .execute: CChar(UInt8(ascii: "x"))
      case .write: CChar(UInt8(ascii: "w"))
      }
    }
  }

  /// Allowed in every sandbox.
  ///
  /// Kept as small as ordinary programs allow: what lies here is not in
  /// any key, so it must not alter a step's bytes (programs that do are declared and hashed).
  public static let systemPaths: [(path: String, access: Access)] = [
    // Programs and libraries of the system, and how the loader finds them.
    ("/usr", .execute), ("/bin", .execute), ("/sbin", .execute),
    ("/lib", .execute), ("/lib32", .execute), ("/lib64", .execute),
    ("/etc/ld.so.cache", .read), ("/etc/ld.so.conf", .read), ("/etc/ld.so.conf.d", .read),
    ("/etc/ld.so.preload", .read),
    // How many CPUs, how much memory: asked by most runtimes at their start.
    ("/proc", .read), ("/sys/devices/system/cpu", .read), ("/sys/fs/cgroup", .read),
    // The C library's time zone; /usr/share/zoneinfo is in /usr.
    ("/etc/localtime", .read),
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
