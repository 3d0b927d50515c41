// What an object's name below the inbox decides: the title of its run, and where outputs are stored.
import ServiceNames

/// An object `<path>/<file>.<ending>` below the landing place.
struct ArrivedObject: Hashable {
  /// The folders, from the outermost on; none for an object that lies in the place itself.
  let path: [String]
  /// The file's name without its ending.
  let file: String

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

  /// `<endpoint>-<path>-<file>`, the folders of the path joined by `-`, as a name that SageMaker accepts.
  ///
  /// A title that is too long or has other characters ends in a digest of the whole.
  func title(endpoint: String) throws -> String {
    try ServiceName.cut(([endpoint] + path + [file]).joined(separator: "-"))
  }

  /// The data set `output/<path>/<file>/<part>`.
  func output(_ part: String) -> String {
    (["output"] + path + [file, part]).joined(separator: "/")
  }

  /// Throws unless SageMaker takes the name for an endpoint.
  static func checkEndpoint(_ name: String) throws {
    guard ServiceName.isValid(name)
    else {
      throw Refused(
        description: "'\(name)' is no name of an endpoint: give 1 to 63 letters, digits and '-', "
          + "the last not at an end")
    }
  }
}
