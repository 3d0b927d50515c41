// The bytes of a source as a plan has them, on a machine that lacks the file. It reads nothing.
import AtelierStep
import Content

/// The digest of a source, taken where a run was planned; the bytes are in the shared store.
package struct PlannedSource: Hashable, Sendable {
  /// SHA-256 of a file, or of a tree's manifest.
  package let digest: Digest
  /// Bytes, of a tree those of its files.
  package let size: Int64

  package init(digest: Digest, size: Int64) {
    self.digest = digest
    self.size = size
  }

  /// What the output of a source's node is.
  package func record(_ output: ArtifactDescription) -> OutputRecord {
    OutputRecord(
      digest: digest, size: size, mediaType: output.mediaType, kind: output.isTree ? .tree : .file)
  }
}

/// An object that is no longer the one that a plan was made with.
package struct MovedSource: Error, CustomStringConvertible {
  let url: String
  let planned: Digest
  let found: Digest

  package var description: String {
    "\(url) is not the object that the plan was made with: expected \(planned), found \(found); make the "
      + "plan anew, or put the object back"
  }
}
