// One request from its head to its answer. It belongs to one thread of the server.
import RowFormats

/// A request under way, with the model that it began with.
final class Exchange {
  let call: Result<Call, Refusal>
  let model: ServedModel?
  private(set) var body: [UInt8] = []
  /// Why the body is passed over rather than kept.
  private(set) var refusal: Refusal?
  /// Bytes of the body that came, kept or not.
  private(set) var received = 0
  /// Bytes of body and answer that count against what may be in memory at a time.
  private(set) var reserved = 0

  init(_ call: Result<Call, Refusal>, _ model: ServedModel?, announced: Int?) {
    self.call = call
    self.model = model
    if case .failure(let refusal) = call {
      self.refusal = refusal
    } else {
      // What a client announces it may never send.
      body.reserveCapacity(min(announced ?? 0, 1 << 16))
    }
  }

  /// Takes a piece of the body; `reserve` says whether there is room for so many bytes more.
  func take(
    _ piece: UnsafeRawBufferPointer, limit: Int, reserve: (Int) -> Bool
  ) {
    received += piece.count
    guard refusal == nil else { return }
    if received > limit {
      refusal = RequestHead.tooLarge(limit)
    } else if !reserve(piece.count) {
      refusal = Service.busy
    } else {
      body += piece
      reserved += piece.count
    }
  }

  /// The answer counts until it is sent.
  func keep(answer count: Int) { reserved += count }
}
