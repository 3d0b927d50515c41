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
      guard let memory = startingMemory, var entry = first else { return }
      // What a preloaded library has put elsewhere is not shown, and may not be ours to write.
      while let text = entry.pointee {
        if memory.contains(UInt(bitPattern: text)) {
          guard let copy = strdup(text) else { return }
          entry.pointee = copy
        }
        entry += 1
      }
      guard let start = UnsafeMutableRawPointer(bitPattern: memory.lowerBound) else { return }
      memset(start, 0, memory.count)
    #endif
  }

  #if os(Linux)
    /// Where the kernel put the environment; fields 50 and 51 of /proc/self/stat, whose second one is a
    /// name in brackets.
    private static var startingMemory: Range<UInt>? {
      guard let bytes = try? FileSystem.read("/proc/self/stat"),
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?
          .split(separator: " "),
        fields.count > 48, let start = UInt(fields[47]), let end = UInt(fields[48]),
        start != 0, start < end
      else { return nil }
      return start..<end
    }
  #endif
}
