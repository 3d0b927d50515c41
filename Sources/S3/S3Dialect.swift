// Which optional parts of a request an endpoint refuses, found out by what it refused before.
import AWS
import Synchronization

/// The optional parts of requests that an endpoint accepts; the copies of a client share one.
///
/// Checksums only add to what is compared anyway: the signature holds the digest of each body, and
/// whatever comes down is hashed here.
package final class S3Dialect: Sendable {
  private struct State {
    var checksums: Bool
    var partChecksums: Bool
  }

  private let state: Mutex<State>

  /// `sendsChecksums` is false where the user asked for no more than what is required.
  package init(sendsChecksums: Bool = true) {
    state = Mutex(State(checksums: sendsChecksums, partChecksums: sendsChecksums))
  }

  /// Whether requests carry `x-amz-checksum-*` and what goes with it.
  var sendsChecksums: Bool { state.withLock { $0.checksums } }

  /// Whether the list that completes an upload names the parts' checksums.
  var sendsPartChecksums: Bool { state.withLock { $0.checksums && $0.partChecksums } }

  func omitChecksums() { state.withLock { $0.checksums = false } }

  func omitPartChecksums() { state.withLock { $0.partChecksums = false } }

  /// Whether a refusal may be one of a header field or element that the endpoint does not know.
  static func mayConcernOptions(_ fault: ServiceFault) -> Bool {
    guard fault.status == 400 || fault.status == 501 else { return false }
    return [
      "InvalidArgument", "InvalidRequest", "NotImplemented", "MalformedXML", "BadRequest",
      "UnsupportedHeader", "HTTP 400", "HTTP 501",
    ].contains(fault.code) || fault.message.lowercased().contains("checksum")
  }
}
