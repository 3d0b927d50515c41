// The bytes of an action result file: `{"document":<key document, verbatim>,"exit":0,...}`.
// It knows no file system. The document stays verbatim so that its digest is the key by itself.

extension ActionResult {
  /// The file's bytes: canonical JSON.
  ///
  /// Throws `InvalidResult` when the document's digest is not the key.
  public func fileBytes() throws -> [UInt8] {
    guard try Digest.of(document) == key.digest else {
      throw InvalidResult(key: key, reason: "its key document has another digest")
    }
    guard document.first == UInt8(ascii: "{"), Self.end(of: document[...]) == document.count else {
      throw InvalidResult(key: key, reason: "its key document is no JSON object")
    }
    let rest: JSONValue = [
      "exit": .integer(Int64(exit)), "host": .string(host), "key": .string(key.description),
      "outputs": .object(outputs.mapValues(\.json)), "seconds": .number(seconds),
      "startedAt": .string(startedAt.iso8601), "version": 1,
      "versions": .object(versions.mapValues { .string($0) }),
    ]
    return Self.opening + document + [UInt8(ascii: ",")] + (try rest.canonicalBytes().dropFirst())
  }

  /// Reads a file's bytes; nil unless they are whole, hold the document of this very key, and name the
  /// outputs that the document asks for.
  public init?(fileBytes bytes: [UInt8], key: ActionKey) {
    guard bytes.starts(with: Self.opening) else { return nil }
    let body = bytes.dropFirst(Self.opening.count)
    guard let end = Self.end(of: body), end < bytes.endIndex, bytes[end] == UInt8(ascii: ",")
    else { return nil }
    let document = Array(body[..<end])
    guard (try? Digest.of(document)) == key.digest else { return nil }
    let rest = try? JSONValue(parsing: [UInt8(ascii: "{")] + bytes[(end + 1)...])
    guard let rest, rest["version"] == 1, rest["key"]?.string == key.description,
      let outputs = OutputRecord.records(rest["outputs"]?.object), Self.fit(outputs, document),
      let exit = rest["exit"]?.integer.flatMap({ Int32(exactly: $0) }),
      let startedAt = rest["startedAt"]?.string.flatMap(Timestamp.init(iso8601:)),
      let seconds = rest["seconds"]?.number, let host = rest["host"]?.string
    else { return nil }
    self.init(
      key: key, document: document, outputs: outputs, exit: exit, startedAt: startedAt,
      seconds: seconds, host: host,
      versions: (rest["versions"]?.object ?? [:]).compactMapValues(\.string))
  }

  /// Whether there is an output for each that the document declares, of its kind, and no other.
  ///
  /// The file may come from anybody who can write to a shared store; the document cannot be forged.
  private static func fit(_ outputs: [String: OutputRecord], _ document: [UInt8]) -> Bool {
    guard let json = try? JSONValue(parsing: document) else { return false }
    guard let declared = json["outputs"]?.object else { return true }
    return outputs.count == declared.count
      && outputs.allSatisfy { name, record in
        declared[name]?["kind"]?.string == record.kind.rawValue
          && declared[name]?["mediaType"]?.string == record.mediaType
      }
  }

  private static let opening = Array(#"{"document":"#.utf8)

  /// The index after the object that the bytes begin with, by its braces outside of strings.
  private static func end(of bytes: ArraySlice<UInt8>) -> Int? {
    var depth = 0
    var inString = false
    var escaped = false
    for index in bytes.indices {
      let byte = bytes[index]
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        inString = true
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
    }
    return nil
  }
}

/// An action result whose key document does not have the key as its digest.
public struct InvalidResult: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key of the action.
  public let key: ActionKey
  /// Why the result cannot be stored.
  public let reason: String

  /// An error for the result of an action.
  public init(key: ActionKey, reason: String) {
    self.key = key
    self.reason = reason
  }

  /// The error in one sentence.
  public var description: String { "the result of action \(key) cannot be stored: \(reason)" }
}
