// A JSON document as lines of pointer and value.
import Content

/// A JSON document as lines of pointer and value.
package enum JSONLines {
  package static func flatten(_ value: JSONValue, at pointer: String = "") -> [[String]] {
    switch value {
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { flatten($1, at: "\(pointer)/\($0)") }
    case .array(let elements):
      return elements.enumerated().flatMap { flatten($1, at: "\(pointer)/\($0)") }
    case .string(let text): return [[pointer, text]]
    default: return [[pointer, (try? value.canonicalText()) ?? ""]]
    }
  }
}
