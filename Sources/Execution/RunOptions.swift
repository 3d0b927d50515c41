// What whoever starts a run may choose; none of it is in a key.

/// What a run may do.
public struct RunOptions: Sendable {
  /// How the cache is used.
  public enum CacheMode: String, Sendable { case rw, ro, off }
  public var jobs: Int
  public var keepGoing: Bool
  public var cache: CacheMode
  /// What sets runs of their own apart, such as `check small`: each series is explained by itself.
  public var series: String?
  /// Whether deliveries are made; without them their consumers use the same bytes.
  public var delivers: Bool

  public init(
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
