// `atelier image build`: the program with all that its steps need, as an OCI image layout.
import Atelier
import AtelierStep
import CommandLine
import Content
import FileTools
import OCI
import Programs
import Project
import Terminal

struct ImageBuild: Verb {
  /// The program's version.
  let version: String
  let name = "build"
  let summary = "write an image of this program and project, without docker"
  let details = """
    Writes an OCI image layout: this program, the libraries that it loads, the programs of `make setup`,
    the Python that steps use, the system's certificates, and the files of Workshops/ except Swift
    sources, Markdown and the folders Data. Secrets in .ini files are left empty, and comments are left
    out. The same files give the same digest, whatever the user, the time and the umask.

    Steps in a container have the same keys as here, so results are shared. The program is the entry
    point: the arguments of a container are those of atelier. It writes below /opt/ml only.

    A build replaces the image in the folder. Prints the manifest's digest and the folder.
    """
  let examples = [
    Example("atelier image build", "writes .build/image"),
    Example("atelier image build -o /tmp/image --compression none", "faster, and larger"),
  ]
  let output = Option(
    "output", short: "o", value: "DIR", completion: .files,
    "the layout's folder (default: .build/image of the project)")
  let compression = Option(
    "compression", value: "FORM", completion: .words(["gzip", "none"]),
    "how layers are stored: gzip (default) or none"
  ) { text in
    guard ["gzip", "none"].contains(text) else {
      throw UsageError("--compression takes gzip or none, not '\(text)'")
    }
    return text
  }
  let json = Shared.json

  var parameters: [any Parameter] { [output, compression, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let root = try ProjectRoot.find(call.directory, context.environment)
    let locator = ProgramLocator(projectRoot: root, environment: context.environment)
    let contents = try ImageContents(
      root: root, workshops: context.workshops, wanted: try WantedPrograms.find(call, context),
      locator: locator, own: try OwnProgram.path(), version: version)
    for note in contents.notes { context.output.message("note: \(note)") }
    let folder = call[output].map(FileSystem.absolute) ?? "\(root)/\(ImageVerbs.folder)"
    let layout = ImageLayout(folder: folder)
    let manifest = try layout.write(
      contents.layers, contents.configuration,
      compression: call[compression] == "none"
        ? .none : .gzip(try locator.path(of: Program("gzip"))))
    let image = try layout.read()
    for ((name, _), layer) in zip(contents.layers, image.layers) {
      context.output.message("\(Text.pad(name, 8)) \(Text.size(layer.blob.size))")
    }
    if call[json] {
      try context.output.data(
        JSONValue.object([
          "v": 1, "event": "image", "digest": .string(manifest.blob.digest.description),
          "layout": .string(folder),
          "layers": .array(
            image.layers.map {
              .object([
                "digest": .string($0.blob.digest.description), "size": .integer($0.blob.size),
              ])
            }),
        ]).canonicalText() + "\n")
    } else {
      try context.output.data("\(manifest.blob.digest)  \(folder)\n")
    }
    return ExitCode.success
  }
}
