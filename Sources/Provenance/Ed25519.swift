// Signatures of Ed25519 (RFC 8032) by libcrypto. It knows no file.
import CLibcrypto
import Content

/// A failure of libcrypto, which is about the machine.
package struct SignatureFailure: Error, CustomStringConvertible {
  package let description: String
}

/// A key with which something is signed.
package struct SigningKey: Sendable {
  /// The seed of RFC 8032, which no message shows.
  private let seed: [UInt8]
  package let verifyingKey: VerifyingKey

  /// A key of 32 bytes; nil for another count.
  init?(seed: [UInt8]) throws {
    guard seed.count == 32 else { return nil }
    self.seed = seed
    verifyingKey = try Self.with(seed) { key in
      var bytes = [UInt8](repeating: 0, count: 32)
      var count = bytes.count
      guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == 32,
        let public_ = VerifyingKey(bytes: bytes)
      else { throw SignatureFailure(description: "libcrypto gives no public key of Ed25519") }
      return public_
    }
  }

  /// The signature of a message: 64 bytes.
  package func sign(_ message: [UInt8]) throws -> [UInt8] {
    try Self.with(seed) { key in
      guard let context = EVP_MD_CTX_new() else {
        throw SignatureFailure(description: "libcrypto has no memory to sign")
      }
      defer { EVP_MD_CTX_free(context) }
      var signature = [UInt8](repeating: 0, count: 64)
      var count = signature.count
      guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
        EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == 64
      else { throw SignatureFailure(description: "libcrypto could not sign with Ed25519") }
      return signature
    }
  }

  private static func with<Answer>(
    _ seed: [UInt8], _ body: (OpaquePointer) throws -> Answer
  ) throws -> Answer {
    guard let key = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count) else {
      throw SignatureFailure(description: "libcrypto does not know Ed25519")
    }
    defer { EVP_PKEY_free(key) }
    return try body(key)
  }
}

/// A key by which a signature is checked.
package struct VerifyingKey: Hashable, Sendable {
  let bytes: [UInt8]

  /// A key of 32 bytes; nil for another count.
  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The digest of the key's DER form, by which envelopes name it.
  package var id: String {
    get throws { try Digest.of(KeyText.publicPrefix + bytes).hex }
  }

  /// Whether a signature is one of the message by this key.
  package func accepts(_ signature: [UInt8], of message: [UInt8]) throws -> Bool {
    guard signature.count == 64 else { return false }
    guard let key = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count),
      let context = EVP_MD_CTX_new()
    else { throw SignatureFailure(description: "libcrypto does not know Ed25519") }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(key)
    }
    guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else {
      throw SignatureFailure(description: "libcrypto could not check a signature of Ed25519")
    }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
