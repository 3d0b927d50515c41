// Short artifacts, from here or from the shared store.
import Content
import LocalStores

extension LocalStore {
  /// Whether a blob is here, once it was asked for behind it; a store that cannot be reached has none.
  package func has(_ digest: Digest, fetchingFrom shared: SharedStore?) -> Bool {
    if (try? objects.contains(digest)) == true { return true }
    guard let shared else { return false }
    return (try? shared.fetch(digest)) != nil
  }

  /// The bytes of an artifact of at most so many; nil where they are not to be had.
  package func bytes(
    of digest: Digest, atMost limit: Int64, fetchingFrom shared: SharedStore?
  ) -> [UInt8]? {
    guard has(digest, fetchingFrom: shared) else { return nil }
    return try? objects.bytes(of: digest, atMost: Int(limit))
  }
}
