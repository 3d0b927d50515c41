// The order of an object's members in the text of a document, which a parsed value does not keep.
import Content

/// Walks over the bytes of a JSON text that was parsed before.
public struct MemberOrder {
  /// One level of a path into a document.
  public enum Level: Hashable, Sendable {
    /// A member of an object.
    case member(String)
    /// An element of an array, counted from 0.
    case element(Int)
  }

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The names of the members of the object at a path, in the order of the text; empty where there is
  /// no object.
  public static func names(at path: [Level], in bytes: [UInt8]) -> [String] {
    var walk = MemberOrder(bytes)
    return walk.value(path[...]) ?? []
  }

  /// Passes over a value; the names of the object that the path leads to.
  private mutating func value(_ path: ArraySlice<Level>?) -> [String]? {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return object(path)
    case UInt8(ascii: "["): return array(path)
    case UInt8(ascii: "\""): _ = string()
    default:
      while let byte = current, !",]} \n\r\t".utf8.contains(byte) { position += 1 }
    }
    return nil
  }

  private mutating func object(_ path: ArraySlice<Level>?) -> [String]? {
    var names: [String] = []
    var found: [String]?
    position += 1
    skipSpace()
    while current == UInt8(ascii: "\"") {
      let name = string()
      names.append(name)
      skipSpace()
      position += 1  // the colon
      let isOnPath = path?.first == .member(name)
      if let inner = value(isOnPath ? path?.dropFirst() : nil) { found = inner }
      skipToNext()
    }
    position += 1
    return path?.isEmpty == true ? names : found
  }

  private mutating func array(_ path: ArraySlice<Level>?) -> [String]? {
    var found: [String]?
    var index = 0
    position += 1
    skipSpace()
    while let byte = current, byte != UInt8(ascii: "]") {
      let start = position
      let isOnPath = path?.first == .element(index)
      if let inner = value(isOnPath ? path?.dropFirst() : nil) { found = inner }
      index += 1
      skipToNext()
      // Only a text that is not JSON has nothing here.
      guard position > start else { break }
    }
    position += 1
    return found
  }

  private mutating func string() -> String {
    let start = position
    position += 1
    while let byte = current, byte != UInt8(ascii: "\"") {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    position += 1
    let text = bytes[start..<min(position, bytes.count)]
    return (try? JSONValue(parsing: text))?.string ?? ""
  }

  private mutating func skipToNext() {
    skipSpace()
    if current == UInt8(ascii: ",") { position += 1 }
    skipSpace()
  }

  private mutating func skipSpace() {
    while let byte = current, " \n\r\t".utf8.contains(byte) { position += 1 }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
}
