// Expands `%(name)s` and `%%` as ConfigParser's BasicInterpolation does. It knows nothing of where
// values come from: a closure looks them up.

/// What a reference stands for.
struct Substitution {
  let value: String
  /// A literal value is taken as it is; another one may hold references itself.
  var isLiteral = false
}

/// Why a value cannot be expanded.
enum InterpolationFault: Error, Equatable {
  case syntax(found: String)
  case reference(String)
  case depth
  case length
}

/// The expansion of one value.
struct Interpolator {
  /// How many values deep references may lead.
  static let depthLimit = 10
  /// How many bytes of UTF-8 references may make of a value: each one may double it.
  static let lengthLimit = 1 << 20

  /// What the option named in lower case is worth here; nil if there is none.
  let lookup: (String) -> Substitution?
  /// The options that took part.
  private(set) var references: [String] = []

  init(lookup: @escaping (String) -> Substitution?) { self.lookup = lookup }

  /// The value with each reference replaced.
  mutating func expand(_ value: String) throws(InterpolationFault) -> String {
    var result = ""
    try expand(value[...], depth: 1, into: &result)
    return result
  }

  private mutating func expand(
    _ value: Substring, depth: Int, into result: inout String
  ) throws(InterpolationFault) {
    guard depth <= Self.depthLimit else { throw .depth }
    var rest = value.unicodeScalars
    while let percent = rest.firstIndex(of: "%") {
      result += Substring(rest[..<percent])
      rest = rest[percent...]
      if rest.dropFirst().first == "%" {
        result += "%"
        rest = rest.dropFirst(2)
      } else if let (name, after) = Self.reference(rest) {
        rest = rest[after...]
        try substitute(name.pythonLowered, depth: depth, into: &result)
      } else {
        throw .syntax(found: String(rest.prefix(20)))
      }
    }
    result += Substring(rest)
  }

  private mutating func substitute(
    _ name: String, depth: Int, into result: inout String
  ) throws(InterpolationFault) {
    guard let found = lookup(name) else { throw .reference(name) }
    references.append(name)
    guard result.utf8.count + found.value.utf8.count <= Self.lengthLimit,
      references.count <= Self.lengthLimit
    else { throw .length }
    if found.isLiteral || !found.value.unicodeScalars.contains("%") {
      result += found.value
    } else {
      try expand(found.value[...], depth: depth + 1, into: &result)
    }
  }

  /// The name in a `%(name)s` at the start, and where the text after it begins.
  private static func reference(
    _ text: Substring.UnicodeScalarView
  ) -> (name: Substring, after: String.Index)? {
    guard text.starts(with: "%(".unicodeScalars),
      let close = text.firstIndex(of: ")"),
      case let name = text[..<close].dropFirst(2), !name.isEmpty,
      case let tail = text[close...], tail.starts(with: ")s".unicodeScalars)
    else { return nil }
    return (Substring(name), tail.index(close, offsetBy: 2))
  }

  /// Whether ConfigParser's `set` takes the value: nothing but `%%` and `%(name)s` has a `%`.
  static func isValid(_ value: String) -> Bool {
    var rest = unescaped(value)[...].unicodeScalars
    while let percent = rest.firstIndex(of: "%") {
      guard let (_, after) = reference(rest[percent...]) else { return false }
      rest = rest[after...]
    }
    return true
  }

  /// The value without any `%%`.
  private static func unescaped(_ value: String) -> String {
    var result = String.UnicodeScalarView()
    var pending = false
    for scalar in value.unicodeScalars {
      if scalar == "%" {
        if pending { result.removeLast() } else { result.append(scalar) }
        pending.toggle()
      } else {
        result.append(scalar)
        pending = false
      }
    }
    return String(result)
  }
}
