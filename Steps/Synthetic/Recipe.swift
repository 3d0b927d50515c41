// What a synthetic step writes. It knows paths, not steps.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The parameters of a synthetic step; all but `label` change its bytes.
public struct Recipe: Codable, Sendable {
  /// Keeps apart steps that have the same inputs.
  public var number: Int
  public var value: Int
  /// Size of the output in bytes.
  public var bytes: Int
  /// In the key, not in the bytes: another label runs the step, and what follows stays.
  public var label: String

  public init(number: Int, value: Int, bytes: Int, label: String) {
    self.number = number
    self.value = value
    self.bytes = bytes
    self.label = label
  }

  func write(to path: String, from inputs: [String]) throws {
    var state = Mixer()
    state.mix(UInt64(bitPattern: Int64(number)))
    state.mix(UInt64(bitPattern: Int64(value)))
    for input in inputs {
      for byte in try Data(contentsOf: URL(fileURLWithPath: input)) { state.mix(UInt64(byte)) }
    }
    var content = Data(capacity: bytes + 8)
    while content.count < bytes {
      withUnsafeBytes(of: state.next().littleEndian) { content.append(contentsOf: $0) }
    }
    try content.prefix(bytes).write(to: URL(fileURLWithPath: path))
  }
}

/// A digest of what it was given (FNV-1a) that then gives numbers (SplitMix64).
private struct Mixer {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func mix(_ value: UInt64) { state = (state ^ value) &* 0x0000_0100_0000_01b3 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
