// What is wrong with an image, said so that a person can act.

/// An image that cannot be built or read.
package enum ImageError: Error, Hashable, CustomStringConvertible {
  /// A layer cannot hold the path.
  case unsuitable(path: String)
  /// Two different things belong at one path.
  case conflict(path: String, wanted: String)
  /// The folder holds something else than an image layout.
  case otherFiles(folder: String, found: String)
  /// There is no image layout.
  case noLayout(folder: String)
  /// A file of a layout is not what it should be.
  case damaged(path: String, reason: String)
  case compression(program: String, reason: String)

  package var description: String {
    switch self {
    case .unsuitable(let path):
      "'\(path)' cannot be in a layer: expected a path without '.', '..' and names that begin with .wh."
    case .conflict(let path, let wanted):
      "\(path) is in the image already with other content (for \(wanted)); remove one of the two"
    case .otherFiles(let folder, let found):
      "\(folder) holds \(found), which is not part of an image layout; choose an empty or new folder "
        + "with --output"
    case .noLayout(let folder):
      "\(folder) holds no image layout; build one first: atelier image build --output \(folder)"
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason); build the image again: atelier image build"
    case .compression(let program, let reason):
      "\(program) could not compress a layer: \(reason); build without it: atelier image build "
        + "--compression none"
    }
  }
}
