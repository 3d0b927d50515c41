// The verbs of `atelier image`, and what they share. The work is done in OCI and ImageRegistry.
import CommandLine
import Project
import Terminal

/// The verbs about the container image of this project.
package enum ImageVerbs {
  /// `version` is the program's, for the labels of images.
  package static func group(version: String) -> VerbGroup<VerbContext> {
    VerbGroup<VerbContext>(
      "image", "the container image of this project, and an archive of it: build, push, archive",
      details: """
        Exits 2 when the call, the configuration or the credentials are invalid, 5 when a file cannot be
        written or the registry is unreachable or refuses.
        """,
      verbs: [
        ImageBuild(version: version), ImagePushVerb(), ImageArchive(version: version),
      ])
  }

  /// Where an image is built unless told otherwise, from the project's root.
  static let folder = ".build/image"
}
