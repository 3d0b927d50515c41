// A tree of paths as one tar file.
import Content
import FileTools

/// Writes a tree as a tar archive of its own.
package enum TarArchive {
  /// Writes a file of the tree's paths: the same bytes for the same tree, whoever writes it and when.
  ///
  /// The file appears when it is whole, in place of another one.
  ///
  /// - Returns: the archive's digest and size in bytes.
  /// - Throws: `FileError` where a file of the tree cannot be read or the archive cannot be written.
  package static func write(_ tree: LayerTree, to path: String) throws -> SizedDigest {
    let draft = try BlobDraft(path + ".part")
    try TarWriter.write(tree, to: draft)
    let blob = try draft.finish()
    try Disk.move(draft.path, to: path)
    return blob
  }
}
