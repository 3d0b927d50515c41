// The parts of a path by its text alone.

/// Reads paths without asking the file system.
package enum PathParts {
  /// The parts of a path without `.`, `..` and doubled slashes; links are not followed.
  package static func plain(_ path: some StringProtocol) -> [String] {
    path.split(separator: "/").reduce(into: []) { parts, part in
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
    }
  }
}
