// Threads and short waits for tests that meet a server from two sides.
import Foundation
import Synchronization

/// Something that has happened or not.
final class Flag: Sendable {
  private let state = Atomic<Bool>(false)
  var isSet: Bool { state.load(ordering: .sequentiallyConsistent) }
  func set() { state.store(true, ordering: .sequentiallyConsistent) }
}

/// SAFETY: whoever made it leaves the client to the one closure that it is sent to.
struct Sent: @unchecked Sendable {
  let client: RawClient
  init(_ client: RawClient) { self.client = client }
}

func startThread(_ body: @escaping @Sendable () -> Void) { Thread(block: body).start() }

func sleepBriefly() { usleep(20_000) }
