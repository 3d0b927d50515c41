// What an object's name below the landing place decides: the title of its run, and where outputs go.

/// An object `<path>/<file>.<ending>` below the landing place.
struct ArrivedObject: Hashable {
  /// The folders, from the outermost on; none for an object that lies in the place itself.
  let path: [String]
  /// The file's name without its ending.
  let file: String

  /// The longest title, as the workflow service takes it.
  static let titleLimit = 80

  /// Reads a name; throws where it is no file below a folder.
  init(_ name: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if let bad = parts.first(where: { ["", ".", ".."].contains($0) }) {
      throw Refused(description: "'\(name)' is no name of a file: '\(bad)' is no name of a folder")
    }
    path = parts.dropLast()
    let last = parts.last ?? ""
    let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    guard !stem.isEmpty, stem != ".", stem != ".." else {
      throw Refused(description: "'\(name)' is no name of a file: '\(last)' is an ending alone")
    }
    file = stem
  }

  /// Why a name or an endpoint was refused.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// `<endpoint>-<path>-<file>`, the folders of the path joined by `-`, cut to 80 characters.
  ///
  /// SageMaker's names have letters, digits and `-`, the last not at an end: other characters become
  /// `-`, and none is left at the end.
  func title(endpoint: String) -> String {
    let whole = ([endpoint] + path + [file]).joined(separator: "-")
    var title = String(whole.map { Self.isPlain($0) ? $0 : "-" }.prefix(Self.titleLimit))
    while title.hasSuffix("-") { title.removeLast() }
    return title
  }

  /// The data set `output/<path>/<file>/<part>`.
  func output(_ part: String) -> String {
    (["output"] + path + [file, part]).joined(separator: "/")
  }

  /// Throws unless SageMaker takes the name for an endpoint.
  static func checkEndpoint(_ name: String) throws {
    guard (1...63).contains(name.count), name.allSatisfy({ isPlain($0) || $0 == "-" }),
      !name.hasPrefix("-"), !name.hasSuffix("-")
    else {
      throw Refused(
        description: "'\(name)' is no name of an endpoint: give 1 to 63 letters, digits and '-', "
          + "the last not at an end")
    }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
}
