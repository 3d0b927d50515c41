// A signed payload as DSSE version 1 has it (github.com/secure-systems-lab/dsse): the bytes that are signed,
// the form in JSON, and the check of signatures. It does not know what the payload says.
import Content

/// Why an envelope or what it holds is not accepted.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, by kind.
  package enum Kind: String, Sendable {
    case form, size, payloadType, signature, statement, predicate, subject, workshop, builder, time
    case materials, figures
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// A payload with signatures.
package struct Envelope: Hashable, Sendable {
  /// A signature and a hint at its key.
  package struct Signature: Hashable, Sendable {
    package let keyID: String
    package let bytes: [UInt8]

    package init(keyID: String, bytes: [UInt8]) {
      self.keyID = keyID
      self.bytes = bytes
    }
  }

  /// Bytes of the largest envelope.
  package static let largest = 4 << 20
  private static let mostSignatures = 64

  package let payloadType: String
  package let payload: [UInt8]
  package let signatures: [Signature]

  /// A payload with signatures.
  package init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
    self.payloadType = payloadType
    self.payload = payload
    self.signatures = signatures
  }

  /// The bytes that are signed: DSSE's pre-authentication encoding of type and payload.
  package static func signedBytes(type: String, payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }

  /// The text of the envelope: canonical JSON and a line break.
  package func text() throws -> String {
    let json: JSONValue = [
      "payload": .string(Base64Text.encode(payload)), "payloadType": .string(payloadType),
      "signatures": .array(
        signatures.map {
          ["keyid": .string($0.keyID), "sig": .string(Base64Text.encode($0.bytes))]
        }),
    ]
    return try json.canonicalText() + "\n"
  }

  /// Reads an envelope: one JSON object with nothing behind it, no member twice.
  package init(parsing bytes: [UInt8]) throws(Refusal) {
    guard bytes.count <= Self.largest else {
      throw Refusal(
        .size, "the envelope has \(bytes.count) bytes; expected at most \(Self.largest)")
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw Refusal(.form, "the envelope is \(error)")
    }
    guard let type = json["payloadType"]?.string else {
      throw Refusal(.form, "the envelope has no text in payloadType")
    }
    guard let payload = json["payload"]?.string.flatMap({ Base64Text.decode($0) }) else {
      throw Refusal(
        .form, "the envelope's payload is not base64 (one alphabet, no bits left over, no blanks)")
    }
    guard let list = json["signatures"]?.array, !list.isEmpty else {
      throw Refusal(.signature, "the envelope has no signatures")
    }
    guard list.count <= Self.mostSignatures else {
      throw Refusal(
        .size, "the envelope has \(list.count) signatures; expected at most \(Self.mostSignatures)")
    }
    var signatures: [Signature] = []
    for (index, entry) in list.enumerated() {
      guard let bytes = entry["sig"]?.string.flatMap({ Base64Text.decode($0) }) else {
        throw Refusal(.form, "signatures[\(index)].sig of the envelope is not base64")
      }
      if let id = entry["keyid"], id.string == nil {
        throw Refusal(.form, "signatures[\(index)].keyid of the envelope is not a text")
      }
      signatures.append(Signature(keyID: entry["keyid"]?.string ?? "", bytes: bytes))
    }
    self.init(payloadType: type, payload: payload, signatures: signatures)
  }

  /// The first of some keys that signed the payload.
  ///
  /// The hints at keys decide nothing, as DSSE demands: each key is tried on each signature. One signature by
  /// a trusted key is enough, whatever others stand beside it.
  package func verify(by keys: [VerifyingKey]) throws -> VerifyingKey {
    let message = Self.signedBytes(type: payloadType, payload: payload)
    for signature in signatures {
      for key in keys where try key.accepts(signature.bytes, of: message) { return key }
    }
    let hints = Set(signatures.map(\.keyID).filter { !$0.isEmpty }).sorted()
      .map { String($0.prefix(12)) }
    let who = hints.isEmpty ? "" : " (its key ids: \(hints.joined(separator: ", ")))"
    throw Refusal(
      .signature,
      "no signature of the envelope is by a trusted key\(who); either another key signed it, or the payload "
        + "was changed since")
  }
}
