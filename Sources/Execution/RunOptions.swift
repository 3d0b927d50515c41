// What whoever starts a run may choose; none of it is in a key.
import Content

/// What a run may do.
package struct RunOptions: Sendable {
  /// How the cache is used.
  package enum CacheMode: String, Sendable { case rw, ro, off }
  package var jobs: Int
  package var keepGoing: Bool
  package var cache: CacheMode
  /// What sets runs of their own apart, such as `check small`: each series is explained by itself.
  package var series: String?
  /// Whether deliveries are made; without them their consumers use the same bytes.
  package var delivers: Bool
  /// The nodes that run although there is a result.
  package var forced: Set<Int> = []
  /// The nodes whose results name what is no longer on the platform: they run, too.
  package var gone: Set<Int> = []
  /// Whether a run that was cancelled gives up its uploads, too; nil: at once.
  package var abandonsUploads: (@Sendable () -> Bool)?
  /// The execution elsewhere that a run records; nil for a run of its own.
  package var execution: JSONValue?

  package init(
    jobs: Int, keepGoing: Bool = false, cache: CacheMode = .rw, series: String? = nil,
    delivers: Bool = true
  ) {
    self.jobs = jobs
    self.keepGoing = keepGoing
    self.cache = cache
    self.series = series
    self.delivers = delivers
  }
}
