// Which paths a tree may have: rules on text. It never touches a file system.
import Content

// SPI: the standard library has NFC but no public name for it, and Foundation's costs start-up time.
@_spi(_Unicode) import Swift

package enum TreePath {
  /// Normalization form C; ASCII is its own.
  package static func nfc(_ path: String) -> String {
    if path.utf8.allSatisfy({ $0 < 0x80 }) { return path }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: path._nfc)
    return String(scalars)
  }

  /// Case folding as near as the standard library comes: equal names on any usual file system.
  package static func folded(_ path: String) -> String {
    if path.utf8.allSatisfy({ $0 < 0x80 }) { return path.lowercased() }
    return nfc(nfc(path).uppercased().lowercased())
  }

  /// Order by UTF-8.
  package static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// The path as a canonical JSON string.
  package static func quoted(_ path: String) -> [UInt8] {
    let isPlain = path.utf8.allSatisfy {
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return [UInt8(ascii: "\"")] + path.utf8 + [UInt8(ascii: "\"")] }
    // A string always has a canonical form: only numbers may lack one.
    return (try? JSONValue.string(path).canonicalBytes()) ?? []
  }

  /// What is wrong with one path by itself.
  package static func problem(of path: String) -> String? {
    if path.isEmpty { return "a path is empty" }
    if path.utf8.first == UInt8(ascii: "/") { return "'\(path)' is absolute" }
    if path.utf8.contains(0) { return "'\(path)' has a NUL in it" }
    for name in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if name.isEmpty { return "'\(path)' has an empty name in it" }
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
        return "'\(path)' has '.' or '..' in it"
      }
    }
    return nil
  }

  /// What is wrong with a link; nil for one that leads to a place within its tree.
  ///
  /// `..` may stand at the beginning of a target only: behind a name, which may be another link, it
  /// could lead anywhere.
  package static func problem(of link: TreeLink) -> String? {
    let names = link.target.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let ups = names.prefix { $0.elementsEqual("..".utf8) }.count
    let depth = link.path.utf8.count { $0 == UInt8(ascii: "/") }
    let isInside =
      ups <= depth && !link.target.utf8.contains(0)
      && names.dropFirst(ups).allSatisfy { name in
        !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
      } && !link.target.isEmpty
    if isInside { return nil }
    return "the link '\(link.path)' leads to '\(link.target)'; a tree may hold links to places "
      + "within it, given from the link's folder, with '..' at the beginning only"
  }

  /// What is wrong with a set of NFC paths, sorted by `precedes`.
  package static func problems(in paths: [String]) -> [String] {
    var problems: [String] = []
    var names = FoldedNames()
    for path in paths {
      if let problem = problem(of: path) { problems.append(problem) }
      if let other = names.clash(with: path) {
        problems.append("'\(other)' and '\(path)' are one name where case does not count")
      }
    }
    return problems
  }
}

/// The names taken so far, of files and of the folders above them, under case folding.
private struct FoldedNames {
  /// Folded path to the path itself; a folder's has a slash at its end.
  private var taken: [String: String] = [:]
  private var lastFolder = ""

  /// The name that stands in the way of a path, or nil after taking it.
  mutating func clash(with path: String) -> String? {
    let folder = parent(of: path)
    if folder != lastFolder {
      if let other = clash(withFolder: folder) { return other }
      lastFolder = folder
    }
    let folded = TreePath.folded(path)
    if let other = taken[folded] { return other }
    taken[folded] = path
    return nil
  }

  private mutating func clash(withFolder folder: String) -> String? {
    var path = folder
    while !path.isEmpty {
      let folded = TreePath.folded(path)
      if let other = taken[folded] { return other == path + "/" ? nil : other }
      taken[folded] = path + "/"
      path = parent(of: path)
    }
    return nil
  }

  /// By UTF-8: a slash before a combining mark is no Character of its own.
  private func parent(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
  }
}
