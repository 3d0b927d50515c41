// SHA-256 by libcrypto, over bytes in memory. It stands apart from Content's hasher, because the
// tool that fingerprints the code must not be built from that code.
import CLibcrypto

enum SHA256 {
  /// 64 lowercase hexadecimal digits.
  static func hex(_ bytes: [UInt8]) throws(FingerprintError) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else {
      throw .libcrypto
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
