// HMAC, MD5 and SHA-1 by libcrypto, and base64. SHA-256 itself is in Content.
import CLibcrypto
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The algorithms that AWS asks for besides SHA-256.
package enum MessageDigests {
  /// HMAC-SHA-256 of a message: 32 bytes.
  static func hmac(key: [UInt8], _ message: [UInt8]) throws -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    var count = 0
    let done = EVP_Q_mac(
      nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &out, out.count,
      &count)
    guard done != nil, count == out.count else { throw HashError.libcrypto }
    return out
  }

  /// MD5, which S3 wants as a transport check of some requests: 16 bytes.
  package static func md5(_ message: [UInt8]) throws -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 16)
    var count = 0
    guard EVP_Q_digest(nil, "MD5", nil, message, message.count, &out, &count) == 1, count == 16
    else { throw HashError.libcrypto }
    return out
  }

  /// SHA-1, by which the files of logins are named: 20 bytes.
  package static func sha1(_ message: [UInt8]) throws -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 20)
    var count = 0
    guard EVP_Q_digest(nil, "SHA1", nil, message, message.count, &out, &count) == 1, count == 20
    else { throw HashError.libcrypto }
    return out
  }
}

extension [UInt8] {
  /// The bytes in base64 with padding.
  package var base64: String { Data(self).base64EncodedString() }
}
