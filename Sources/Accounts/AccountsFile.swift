// accounts.json of the framework: a list of sets, or one of them as an object. It reads no file.
import Content
import Documents

/// The sets of an accounts.json, with all problems in it.
package struct AccountsFile: Sendable {
  /// One set as the file has it: what is missing or wrong is nil.
  package struct Entry: Sendable, Hashable {
    package var name: String
    package var places: [Tier: AccountPlace] = [:]
    package var region: String?
    /// The position in the file, such as `accounts.json: [1]`.
    package var position: String
  }

  package private(set) var entries: [Entry] = []
  package private(set) var problems: [AccountProblem] = []

  private static let tiers: [(key: String, tier: Tier)] = [
    ("DEV_ACCOUNT", .dev), ("PREPROD_ACCOUNT", .preprod), ("PROD_ACCOUNT", .prod),
  ]
  private static let known = ["SET_NAME"] + tiers.map(\.key) + ["DEPLOYMENT_REGION"]

  /// Reads the bytes of a file; never throws, as `problems` has all that is wrong.
  package init(parsing bytes: [UInt8], file: String) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      let (line, column) = Self.position(of: error.offset, in: bytes)
      add("\(file):\(line):\(column)", "not JSON: expected \(error.expected)", "correct the line")
      return
    }
    let document = DocumentMember(value, file: file)
    if value.object != nil {
      read(document)
    } else if value.array != nil, let elements = try? document.elements() {
      for element in elements { read(element) }
    } else {
      add(
        file,
        "expected a list of sets, or one set as an object, with SET_NAME, DEV_ACCOUNT, "
          + "PREPROD_ACCOUNT, PROD_ACCOUNT", "write one")
    }
    var seen: [String: String] = [:]
    for entry in entries where !entry.name.isEmpty {
      // Names of buckets are lower case.
      let name = entry.name.lowercased()
      if let first = seen.updateValue(entry.position, forKey: name) {
        add("\(entry.position).SET_NAME", "'\(entry.name)' is also at \(first)", "rename one set")
      }
    }
  }

  private mutating func read(_ element: DocumentMember) {
    let position = element.path.isEmpty ? element.file : "\(element.file): \(element.path)"
    guard let members = element.value.object else {
      add(position, "expected a set as an object", "write {\"SET_NAME\": ...}")
      return
    }
    for name in members.keys.sorted() where !Self.known.contains(name) {
      add(
        Self.key(name, in: element),
        "unknown key; expected \(Self.known.joined(separator: ", "))", "correct or remove it")
    }
    var entry = Entry(name: "", position: position)
    switch members["SET_NAME"] {
    case .string(let name) where AccountSet.isName(name): entry.name = name
    case nil: add(Self.key("SET_NAME", in: element), "missing", "name the set")
    case let found?:
      add(
        Self.key("SET_NAME", in: element),
        "expected up to 32 letters, digits and '-', found \(Self.shown(found))", "rename the set")
    }
    for (key, tier) in Self.tiers {
      guard let found = members[key] else {
        add(
          Self.key(key, in: element), "missing",
          "give the account of \(tier.rawValue), which may be that of another tier")
        continue
      }
      entry.places[tier] = place(found, at: Self.key(key, in: element))
    }
    switch members["DEPLOYMENT_REGION"] {
    case nil: break
    case .string(let region) where AccountSet.isRegion(region): entry.region = region
    case let found?:
      add(
        Self.key("DEPLOYMENT_REGION", in: element),
        "expected a region such as eu-west-1, found \(Self.shown(found))", "correct it")
    }
    entries.append(entry)
  }

  private mutating func place(_ value: JSONValue, at position: String) -> AccountPlace? {
    switch value {
    case .string(let text):
      if let place = AccountPlace(text) { return place }
      add(position, AccountPlace.advice(text), "correct it")
    case .integer(let number) where number >= 0:
      let digits = String(number)
      let lost = digits.utf8.count < 12 ? "; a number loses its leading zeros" : ""
      let whole = String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
      add(
        position, "expected a text of 12 digits, found the number \(digits)\(lost)",
        "put it into quotes: \"\(whole)\"")
    default:
      add(position, "expected a text of 12 digits, found \(Self.shown(value))", "correct it")
    }
    return nil
  }

  private mutating func add(_ place: String, _ problem: String, _ remedy: String) {
    problems.append(AccountProblem(place, problem, remedy: remedy))
  }

  /// Where a key of a set is, as an error of it says.
  private static func key(_ name: String, in element: DocumentMember) -> String {
    let isPlain = name.utf8.allSatisfy { $0 > 32 && $0 < 127 } && !name.isEmpty
    let shown = isPlain ? name : (try? JSONValue.string(name).canonicalText()) ?? "?"
    return element.path.isEmpty
      ? "\(element.file): \(shown)" : "\(element.file): \(element.path).\(shown)"
  }

  private static func shown(_ value: JSONValue) -> String {
    String(((try? value.canonicalText()) ?? "?").prefix(60))
  }

  private static func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let before = bytes.prefix(offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return (before.count { $0 == UInt8(ascii: "\n") } + 1, before.count - start + 1)
  }
}
