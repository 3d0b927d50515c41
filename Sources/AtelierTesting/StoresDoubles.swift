// Stores around a store: one counts calls, one fails on demand. They keep no bytes themselves.
import Content
import LocalStores
import Synchronization

/// The calls of `ObjectStore` and `ActionCache`.
public enum StoreCall: Hashable, Sendable, CaseIterable {
  case contains, put, read, missing, lookup, store
}

/// Counts the calls that reach a store.
public final class CountingStore<Base: ObjectStore & ActionCache>: ObjectStore, ActionCache {
  public let base: Base
  private let counters = Mutex<[StoreCall: Int]>([:])

  public init(_ base: Base) { self.base = base }

  /// How often each method was called; methods never called are not in it.
  public var counts: [StoreCall: Int] { counters.withLock { $0 } }

  private func count(_ call: StoreCall) { counters.withLock { $0[call, default: 0] += 1 } }

  public func contains(_ digest: Digest) throws -> Bool {
    count(.contains)
    return try base.contains(digest)
  }

  public func put(file path: String, digest: Digest, size: Int64) throws {
    count(.put)
    try base.put(file: path, digest: digest, size: size)
  }

  public func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    count(.read)
    try base.read(digest, into: sink)
  }

  public func missing(from digests: [Digest]) throws -> [Digest] {
    count(.missing)
    return try base.missing(from: digests)
  }

  public func lookup(_ key: ActionKey) throws -> ActionResult? {
    count(.lookup)
    return try base.lookup(key)
  }

  public func store(_ result: ActionResult) throws {
    count(.store)
    try base.store(result)
  }
}

/// What a `FailingStore` throws.
public struct InducedFailure: Error, Hashable {
  public let call: StoreCall
  public init(call: StoreCall) { self.call = call }
}

/// Passes calls on, but throws `InducedFailure` for those it was told to fail.
public final class FailingStore<Base: ObjectStore & ActionCache>: ObjectStore, ActionCache {
  public let base: Base
  private let failing: Mutex<Set<StoreCall>>

  public init(_ base: Base, failing calls: Set<StoreCall>) {
    self.base = base
    failing = Mutex(calls)
  }

  /// Replaces the set of calls that fail; the empty set heals the store.
  public func fail(_ calls: Set<StoreCall>) { failing.withLock { $0 = calls } }

  private func check(_ call: StoreCall) throws {
    if failing.withLock({ $0.contains(call) }) { throw InducedFailure(call: call) }
  }

  public func contains(_ digest: Digest) throws -> Bool {
    try check(.contains)
    return try base.contains(digest)
  }

  public func put(file path: String, digest: Digest, size: Int64) throws {
    try check(.put)
    try base.put(file: path, digest: digest, size: size)
  }

  public func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    try check(.read)
    try base.read(digest, into: sink)
  }

  public func missing(from digests: [Digest]) throws -> [Digest] {
    try check(.missing)
    return try base.missing(from: digests)
  }

  public func lookup(_ key: ActionKey) throws -> ActionResult? {
    try check(.lookup)
    return try base.lookup(key)
  }

  public func store(_ result: ActionResult) throws {
    try check(.store)
    try base.store(result)
  }
}
