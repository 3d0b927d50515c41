// Keeps a process and its children from the network (seccomp). It knows no files.
import CSystem

/// Refuses sockets of every family but AF_UNIX.
public enum NetworkFilter {
  /// Whether this kernel can refuse sockets.
  public static var isAvailable: Bool { cs_can_filter() == 1 }

  /// Confines this thread and all its children and threads to come, for good.
  ///
  /// False where the kernel cannot, and with `allowsNetwork`, where nothing is to be refused.
  @discardableResult
  public static func enforce(allowsNetwork: Bool) throws(SandboxError) -> Bool {
    if allowsNetwork || !isAvailable { return false }
    guard cs_refuse_sockets() == 0 else {
      throw .refused(path: nil, reason: String(cString: cs_error()))
    }
    return true
  }
}
