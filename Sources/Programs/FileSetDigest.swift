// One digest for many files of this machine, which is found again without reading any of them.
import Content
import FileIndex
import FileTools

/// Digests sets of files by their identities, so that unchanged ones are read once.
package struct FileSetDigest: Sendable {
  private let digest: @Sendable (String) throws -> FileDigest
  private let index: StoreIndex?

  package init(digest: @escaping @Sendable (String) throws -> FileDigest, index: StoreIndex?) {
    self.digest = digest
    self.index = index
  }

  /// The digest of files by their paths, which count from the first of the roots that holds them.
  func digest(of paths: [String], below roots: [String]) throws -> Digest {
    try digest(
      of: paths.compactMap { path in
        try FileIdentity(ofFile: path).map { PythonFiles.File(path: path, identity: $0) }
      }, below: roots)
  }

  /// The same of files that were looked at.
  func digest(of files: [PythonFiles.File], below roots: [String]) throws -> Digest {
    let row = try Digest.of("files/1\n" + files.map { "\($0.path) \($0.identity)\n" }.joined())
    if let known = index?.files(ofTree: row).flatMap({ Digest(bytes: $0) }) { return known }
    let listed = try files.map { file in
      let root = roots.first { file.path.hasPrefix($0 + "/") } ?? ""
      return "\(file.path.dropFirst(root.count)) \(try digest(file.path).digest)\n"
    }
    let found = try Digest.of(listed.joined())
    index?.remember(tree: row, files: found.bytes)
    return found
  }
}
