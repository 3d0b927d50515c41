// What the user's environment holds is for this process, not for those who read /proc/PID/environ.

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#endif

package enum HiddenEnvironment {
  /// Moves the environment to where /proc does not show it; call it before there is a second thread.
  ///
  /// A step runs as the same user and may read /proc, whose copy of the environment is the memory
  /// that the process was started with, also in a fork of it. `getenv` finds everything as before.
  package static func hide() {
    #if os(Linux)
      let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
      guard var entry = first else { return }
      while let text = entry.pointee, let copy = strdup(text) {
        memset(text, 0, strlen(text))
        entry.pointee = copy
        entry += 1
      }
    #endif
  }
}
