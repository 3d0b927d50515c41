// What a synthetic step writes. It knows paths, not steps.
import AtelierStep
import CSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The parameters of a synthetic step; all but `label` change its bytes.
public struct Recipe: Codable, Sendable {
  /// Keeps apart steps that have the same inputs.
  public var number: Int
  /// Changes the bytes, as an edited parameter does.
  public var value: Int
  /// Size of the output in bytes.
  public var bytes: Int
  /// In the key, not in the bytes: another label runs the step, and what follows stays.
  public var label: String

  /// A recipe of `bytes` bytes.
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
    // Not by Data.write, whose flush of each file would be measured instead of the engine.
    let descriptor = cs_open_write(path, 1, 0o644)
    guard descriptor >= 0 else { throw StepFailure("cannot make \(path): \(lastError)") }
    defer { cs_close(descriptor) }
    let written = content.prefix(bytes).withUnsafeBytes {
      cs_write_all(descriptor, $0.baseAddress, $0.count)
    }
    guard written == 0 else { throw StepFailure("cannot write \(path): \(lastError)") }
  }

  private var lastError: String { String(cString: cs_error()) }
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
