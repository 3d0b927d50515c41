// Keys of Ed25519 as the text of a PEM file: PKCS#8 for private ones, SPKI for public ones, as
// `openssl genpkey -algorithm ed25519` makes them (RFC 8410). It reads no file.
import Content

/// A text that is not a key, in words for people.
package struct KeyProblem: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

package enum KeyText {
  /// Bytes of the largest key file.
  package static let largest = 1 << 14

  /// What comes before the 32 bytes of a public key.
  static let publicPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  /// The same of a private key, of version 1 and of version 2, which has the public key behind it.
  private static let privatePrefixes: [(bytes: [UInt8], count: Int)] = [
    (
      [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
      ], 48
    ),
    (
      [
        0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
      ], 83
    ),
  ]

  /// The private key of a PEM text; `name` is what messages call it.
  package static func signingKey(_ bytes: [UInt8], name: String) throws -> SigningKey {
    let der = try self.der(bytes, label: "PRIVATE KEY", name: name) { label in
      switch label {
      case "ENCRYPTED PRIVATE KEY":
        "is encrypted; decrypt it into a file that only you can read (openssl pkey -in KEY -out "
          + "PLAIN), or sign by --key-command"
      case "PUBLIC KEY": "holds a public key; to sign give the private one"
      default: nil
      }
    }
    for (prefix, count) in privatePrefixes where der.count == count && der.starts(with: prefix) {
      let seed = Array(der[prefix.count..<prefix.count + 32])
      if let key = try SigningKey(seed: seed) { return key }
    }
    throw KeyProblem(
      "\(name) holds a private key of another kind; expected Ed25519, as "
        + "`openssl genpkey -algorithm ed25519` makes it")
  }

  /// The public key of a PEM text; `name` is what messages call it.
  package static func verifyingKey(_ bytes: [UInt8], name: String) throws -> VerifyingKey {
    let der = try self.der(bytes, label: "PUBLIC KEY", name: name) { label in
      label.hasSuffix("PRIVATE KEY")
        ? "holds a private key, which nobody needs to check signatures; give the public one: "
          + "openssl pkey -in KEY -pubout" : nil
    }
    guard der.count == publicPrefix.count + 32, der.starts(with: publicPrefix),
      let key = VerifyingKey(bytes: Array(der.dropFirst(publicPrefix.count)))
    else {
      throw KeyProblem(
        "\(name) holds a public key of another kind; expected Ed25519, as "
          + "`openssl pkey -in KEY -pubout` prints it")
    }
    return key
  }

  /// The bytes between the lines of a PEM text with one block; `problem` knows blocks of other labels.
  private static func der(
    _ bytes: [UInt8], label: String, name: String, problem: (String) -> String?
  ) throws -> [UInt8] {
    guard bytes.count <= largest, let text = String(validating: bytes, as: UTF8.self) else {
      throw KeyProblem("\(name) is not a PEM file: expected -----BEGIN \(label)-----")
    }
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }.filter { !$0.isEmpty }
    guard let first = lines.first, first.hasPrefix("-----BEGIN "), first.hasSuffix("-----") else {
      throw KeyProblem("\(name) is not a PEM file: expected -----BEGIN \(label)-----")
    }
    let found = String(first.dropFirst(11).dropLast(5))
    guard found == label else {
      throw KeyProblem(
        "\(name) \(problem(found) ?? "holds a \(found); expected a \(label) of Ed25519")")
    }
    guard lines.count > 2, lines.last == "-----END \(label)-----",
      let der = Base64Text.decode(lines.dropFirst().dropLast().joined())
    else {
      throw KeyProblem("\(name) is damaged: expected one \(label) in base64 and nothing else")
    }
    return der
  }
}
