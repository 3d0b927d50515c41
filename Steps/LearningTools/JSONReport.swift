// Reads and writes the JSON documents of the families that learn, in one fixed form.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON with sorted keys, two spaces of indentation and a final line feed.
package enum JSONReport {
  /// Writes a document.
  package static func write(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var data = try encoder.encode(value)
    data.append(UInt8(ascii: "\n"))
    try data.write(to: URL(fileURLWithPath: path))
  }

  /// Reads a document; throws a `StepFailure` that names it where it has another form.
  package static func read<Value: Decodable>(
    _ type: Value.Type, from path: String, named name: String
  ) throws -> Value {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw StepFailure("\(name) is not a \(type): \(error)")
    }
  }
}
