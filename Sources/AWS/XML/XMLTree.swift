// An element of the XML that services answer with: a name, text and children. No attributes.

/// One element; names are without their prefix.
package struct XMLTree: Sendable, Hashable {
  package var name: String
  /// The text directly inside, with the space around it.
  package var text: String = ""
  package var children: [XMLTree] = []

  /// The first child of a name.
  package func first(_ name: String) -> XMLTree? { children.first { $0.name == name } }

  /// All children of a name.
  package func all(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

  /// The text of the first child of a name.
  package func text(of name: String) -> String? { first(name)?.text }

  /// Parses a document.
  package init(parsing bytes: [UInt8]) throws(XMLParseError) {
    var parser = XMLReader(bytes)
    self = try parser.document()
  }

  package init(name: String) { self.name = name }
}

/// What is wrong with a document, and where.
package struct XMLParseError: Error, Hashable, CustomStringConvertible {
  package let offset: Int
  package let expected: String
  package var description: String {
    "not the XML of a service at byte \(offset): expected \(expected)"
  }
}

/// The characters that mean something else inside an element, as XML wants them.
package enum XMLText {
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 32: result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
