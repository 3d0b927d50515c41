// Reads the declarations of a source without its statements. It knows as much of the grammar as
// declarations need, and refuses what it does not know.
import Fingerprint

/// A cursor over the tokens of one source.
struct DeclarationReader {
  let path: String
  let tokens: SourceTokens
  var position = 0

  /// The declarations of a source outside of all braces.
  static func declarations(of tokens: SourceTokens, path: String) throws(Refusal) -> [Declaration] {
    var reader = DeclarationReader(path: path, tokens: tokens)
    return try reader.readItems()
  }

  var word: String { position < tokens.texts.count ? tokens.texts[position] : "" }
  var isAtEnd: Bool { position >= tokens.texts.count }
  var line: Int { isAtEnd ? tokens.lines.last ?? 1 : tokens.lines[position] }

  func refusal(_ message: String) -> Refusal { Refusal(path: path, line: line, message: message) }

  /// Declarations up to a closing brace, which stays, or the end.
  private mutating func readItems() throws(Refusal) -> [Declaration] {
    var items: [Declaration] = []
    var conditions = 0
    while !isAtEnd, word != "}" {
      switch word {
      case ";", "#else": position += 1
      case "#endif":
        conditions -= 1
        position += 1
      case "#if", "#elseif":
        if word == "#if" { conditions += 1 }
        position += 1
        while !isAtEnd, tokens.gaps[position] != .newline { position += 1 }
      default:
        var item = try readDeclaration()
        item.isConditional = conditions > 0
        items.append(item)
      }
    }
    return items
  }

  private mutating func readDeclaration() throws(Refusal) -> Declaration {
    var item = Declaration(
      kind: "", name: "", line: line, documentation: tokens.documentation[position])
    while word == "@" { item.attributes.append(try readAttribute()) }
    while isModifier { item.modifiers.append(try readModifier()) }
    item.kind = word
    position += 1
    switch item.kind {
    case "import": item.name = restOfLine()
    case "struct", "enum", "class", "actor", "protocol", "extension": try readType(&item)
    case "var", "let": try readProperty(&item)
    case "func", "init", "subscript", "deinit": try readFunction(&item)
    case "typealias", "associatedtype":
      item.name = word
      position += 1
      let text = try text { $0 == "=" }
      if word == "=" {
        position += 1
        item.type = try self.text { _ in false }
      } else {
        item.type = text
      }
    case "case", "operator", "macro":
      item.name = word
      _ = try text { _ in false }
    case "precedencegroup":
      item.name = word
      position += 1
      try skipBrackets()
    default:
      position -= 1
      throw refusal(
        "the build cannot read the declaration that begins with '\(word)'; write it in another way")
    }
    return item
  }

  private mutating func readAttribute() throws(Refusal) -> String {
    position += 1
    var name = word
    position += 1
    while word == ".", !isAtEnd, tokens.gaps[position] == .nothing {
      position += 1
      name += "." + word
      position += 1
    }
    if word == "(", tokens.gaps[position] == .nothing { try skipBrackets() }
    return name
  }

  private static let modifiers: Set<String> = [
    "public", "private", "fileprivate", "internal", "package", "open", "static", "final", "lazy",
    "mutating", "nonmutating", "override", "required", "convenience", "indirect", "weak", "unowned",
    "nonisolated", "isolated", "dynamic", "optional", "consuming", "borrowing", "distributed",
    "prefix", "postfix", "infix", "__consuming", "async", "sending",
  ]

  private var isModifier: Bool {
    if word == "class", position + 1 < tokens.texts.count {
      return ["func", "var", "let", "subscript", "final", "override"].contains(
        tokens.texts[position + 1])
    }
    return Self.modifiers.contains(word)
  }

  private mutating func readModifier() throws(Refusal) -> String {
    let start = position
    position += 1
    if word == "(", tokens.gaps[position] == .nothing { try skipBrackets() }
    return tokens.texts[start..<position].joined()
  }

  private mutating func readType(_ item: inout Declaration) throws(Refusal) {
    item.name = word
    position += 1
    while item.kind == "extension", word == "." {
      position += 1
      item.name += "." + word
      position += 1
    }
    if word == "<" {
      item.isGeneric = true
      var depth = 0
      repeat {
        if word == "<" { depth += 1 }
        if word == ">", tokens.texts[position - 1] != "-" { depth -= 1 }
        if isAtEnd { throw refusal("the parameters of \(item.name) have no end") }
        position += 1
      } while depth > 0
    }
    if word == ":" {
      repeat {
        position += 1
        item.inherited.append(try text { $0 == "," || $0 == "where" || $0 == "{" })
      } while word == ","
    }
    if word == "where" { _ = try text { $0 == "{" } }
    guard word == "{" else { throw refusal("expected '{' after '\(item.kind) \(item.name)'") }
    position += 1
    item.members = try readItems()
    guard word == "}" else { throw refusal("'\(item.kind) \(item.name)' has no end") }
    position += 1
  }

  private mutating func readFunction(_ item: inout Declaration) throws(Refusal) {
    item.name = item.kind
    if item.kind == "func" {
      item.name = word
      position += 1
    }
    if item.kind == "init" {
      let label = tokens.texts[position...].prefix(4).firstIndex(of: "(").map { $0 + 1 }
      item.firstLabel = label.flatMap { $0 < tokens.texts.count ? tokens.texts[$0] : nil }
    }
    _ = try text { $0 == "{" }
    if word == "{" { try skipBrackets() }
  }

  private mutating func readProperty(_ item: inout Declaration) throws(Refusal) {
    item.name = word
    let start = position
    defer { item.isSeveral = hasComma(start..<position) }
    if word == "(" { try skipBrackets() } else { position += 1 }
    if word == ":" {
      position += 1
      item.type = try text { $0 == "=" || $0 == "{" }
    }
    if word == "=" {
      position += 1
      let start = position
      item.value = try text { _ in false }
      // What follows the value in braces may watch the property, and is no part of the value then.
      let parts = tokens.texts[start..<position]
      if let brace = parts.indices.first(where: {
        parts[$0] == "{" && parts[$0...].dropFirst().first.map(Self.watchers.contains) == true
      }) {
        item.value = joined(start..<brace)
      }
    } else if word == "{" {
      item.isComputed = !Self.watchers.contains(tokens.texts[position...].dropFirst().first ?? "")
      try skipBrackets()
    }
  }

  private static let watchers: Set<String> = ["willSet", "didSet"]
}
