// How far long work on files is. It knows neither the work nor who shows it.
import CSystem
import Synchronization

/// Counts files and bytes of one piece of work, on all threads that do it, and tells now and then.
package final class FileProgress: Sendable {
  /// Of the work that this thread does; nil where nobody wants to know.
  @TaskLocal package static var current: FileProgress?

  /// How much was done, and how much there is to do; 0 of what is not known yet.
  package struct Count: Hashable, Sendable {
    package var files = 0
    package var allFiles = 0
    package var bytes: Int64 = 0
    package var allBytes: Int64 = 0

    package init() {}

    /// From 0 to 1: the mean of files and bytes, since many small files take their time, too.
    ///
    /// Where no byte was read the files alone count: their digests were known.
    package var fraction: Double {
      var parts: [Double] = []
      if allFiles > 0 { parts.append(Double(files) / Double(allFiles)) }
      if allBytes > 0, bytes > 0 { parts.append(Double(bytes) / Double(allBytes)) }
      return parts.isEmpty ? 0 : min(1, parts.reduce(0, +) / Double(parts.count))
    }
  }

  private let state = Mutex((count: Count(), told: cs_monotonic()))
  private let tell: @Sendable (Count) -> Void
  /// ns between two calls of `tell`.
  private let pause: Int64

  /// `tell` is called on the threads that do the work, at most so often, one call after another and never
  /// with less than before in the same part of the work; it must not come back here.
  package init(every milliseconds: Int = 200, _ tell: @escaping @Sendable (Count) -> Void) {
    pause = Int64(milliseconds) * 1_000_000
    self.tell = tell
  }

  /// Does work that counts here.
  package func counting<Answer>(_ work: () throws -> Answer) rethrows -> Answer {
    try Self.$current.withValue(self, operation: work)
  }

  /// Begins a part of the work, of which so much is to do; what was counted before does not count.
  package func begin(files: Int, bytes: Int64) {
    state.withLock {
      $0.count = Count()
      $0.count.allFiles = files
      $0.count.allBytes = bytes
    }
  }

  /// Says how many bytes one file has, where the work is that file.
  package func expect(bytes: Int64) {
    state.withLock { if $0.count == Count() { $0.count.allBytes = bytes } }
  }

  package func add(files: Int = 0, bytes: Int64 = 0) {
    let now = cs_monotonic()
    state.withLock { state in
      state.count.files += files
      state.count.bytes += bytes
      guard now - state.told >= pause else { return }
      state.told = now
      tell(state.count)
    }
  }
}
