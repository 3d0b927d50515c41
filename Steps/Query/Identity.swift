// Who a simulated user is: the e-mail address and the ECID that the platform makes of it.

/// The identity of simulated user `number`.
struct Identity {
  let number: Int

  var email: String { "synthetic-user-\(number)@adobe.com" }

  /// 38 digits: the halves of the address's MurmurHash3, each as a positive number of 19 digits.
  var ecid: String {
    let (low, high) = murmurHash3(Array(email.utf8))
    return Identity.digits(low) + Identity.digits(high)
  }

  /// The absolute value of a half; one that lacks `n` of 19 digits is prefixed by the text of the
  /// numbers from 0 to `n - 1`: `0`, `01`, `012` and so on, as the notebooks do.
  static func digits(_ half: UInt64) -> String {
    let text = String(Int64(bitPattern: half).magnitude)
    return (0..<max(0, 19 - text.utf8.count)).map { String($0 % 10) }.joined() + text
  }
}

/// MurmurHash3 x64 128 with seed 0, by Austin Appleby (public domain).
func murmurHash3(_ bytes: [UInt8]) -> (UInt64, UInt64) {
  var h1: UInt64 = 0
  var h2: UInt64 = 0
  let blocks = bytes.count / 16
  for block in 0..<blocks {
    h1 ^= firstKey(littleEndian(bytes[(16 * block)..<(16 * block + 8)]))
    h1 = (rotate(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
    h2 ^= secondKey(littleEndian(bytes[(16 * block + 8)..<(16 * block + 16)]))
    h2 = (rotate(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
  }
  let tail = bytes[(16 * blocks)...]
  h2 ^= secondKey(littleEndian(tail.dropFirst(8)))
  h1 ^= firstKey(littleEndian(tail.prefix(8)))
  h1 ^= UInt64(bytes.count)
  h2 ^= UInt64(bytes.count)
  h1 &+= h2
  h2 &+= h1
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  h1 &+= h2
  return (h1, h2 &+ h1)
}

private let c1: UInt64 = 0x87c3_7b91_1142_53d5
private let c2: UInt64 = 0x4cf5_ad43_2745_937f

private func firstKey(_ k: UInt64) -> UInt64 { rotate(k &* c1, 31) &* c2 }
private func secondKey(_ k: UInt64) -> UInt64 { rotate(k &* c2, 33) &* c1 }

private func rotate(_ x: UInt64, _ count: UInt64) -> UInt64 { x << count | x >> (64 - count) }

private func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}

private func finalMix(_ k: UInt64) -> UInt64 {
  var k = k
  k = (k ^ (k >> 33)) &* 0xff51_afd7_ed55_8ccd
  k = (k ^ (k >> 33)) &* 0xc4ce_b9fe_1a85_ec53
  return k ^ (k >> 33)
}
