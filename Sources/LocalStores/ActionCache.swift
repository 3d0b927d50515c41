// The joint between the engine and whatever remembers what actions gave.
import Content

/// Remembers the result of an action under its key.
///
/// All methods may be called from any thread and block. A result becomes visible all at once, and
/// the caller has made its blobs durable before. The last one stored for a key wins.
public protocol ActionCache: Sendable {
  /// The result of an action; nil when there is none or it cannot be read or does not fit the key.
  func lookup(_ key: ActionKey) throws -> ActionResult?

  /// Stores a result.
  func store(_ result: ActionResult) throws
}
