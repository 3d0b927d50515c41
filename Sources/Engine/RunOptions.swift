// What whoever starts a run may choose; none of it is in a key.

/// What a run may do.
public struct RunOptions: Sendable {
  /// How the cache is used.
  public enum CacheMode: String, Sendable { case rw, ro, off }
  public var jobs: Int
  public var keepGoing: Bool
  public var cache: CacheMode
  /// The baseline that the run is a check against; such a run is explained by checks alone.
  public var check: String?
  /// Whether deliveries are made; without them their consumers use the same bytes.
  public var delivers: Bool { check == nil }

  public init(
    jobs: Int, keepGoing: Bool = false, cache: CacheMode = .rw, check: String? = nil
  ) {
    self.jobs = jobs
    self.keepGoing = keepGoing
    self.cache = cache
    self.check = check
  }
}
