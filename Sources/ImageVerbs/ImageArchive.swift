// `atelier image archive`: the program with all that it needs, as one archive to unpack anywhere.
import Atelier
import AtelierStep
import CommandLine
import Content
import FileTools
import OCI
import Programs
import Project
import Subprocess
import Terminal

struct ImageArchive: Verb {
  /// The program's version.
  let version: String
  let name = "archive"
  let summary = "write a tar archive of this program that runs wherever it is unpacked"
  let details = """
    The archive holds one folder: this program, the loader and the libraries that it was built beside, the
    programs of `make setup`, a Python, and the workshops' settings, scripts and baselines, each file with
    its digest in share/manifest.json, and licences in share/licenses. It needs nothing of the system that
    it is unpacked on but a Linux kernel of the same architecture. Steps have the same keys there as here,
    so results are shared. Secrets in .ini files are left empty.

    `make package` calls this and compresses the archive; `make install` unpacks it. The launcher that they
    compile starts the folder's own loader; the kernel would look for the system's.
    """
  let examples = [
    Example(
      "atelier image archive --launcher .build/package/launcher -o atelier.tar",
      "what `make package` does")
  ]
  let output = Option(
    "output", short: "o", value: "FILE", completion: .files, "the archive's file")
  let launcher = Option(
    "launcher", value: "FILE", completion: .files, "the static program that becomes bin/atelier")
  let licenses = Option(
    "licenses", value: "DIR", completion: .files, "a folder of further licence texts")

  var parameters: [any Parameter] { [output, launcher, licenses] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    guard let file = call[output] else { throw UsageError("give the archive's file with --output") }
    guard FileSystem.size(file) == nil || FileSystem.isFile(file) else {
      throw UsageError(
        "--output \(file) is not a regular file, and an archive replaces what is there; name another one"
      )
    }
    guard let starter = call[launcher], FileSystem.isFile(starter) else {
      throw UsageError(
        "give the program that starts the loader with --launcher; `make package` compiles one")
    }
    guard ProgramBundle.own == nil else {
      throw UsageError("this program was installed from an archive; make one in a checkout")
    }
    let root = try ProjectRoot.find(call.directory, context.environment)
    let locator = ProgramLocator(projectRoot: root, environment: context.environment)
    let programs = try ImagePrograms(
      locator, wanted: try WantedPrograms.find(call, context))
    let platform = "linux-\(ImageConfiguration.ownArchitecture)"
    var contents = try BundleContents(
      name: "atelier-\(version)-\(platform)", root: root, launcher: FileSystem.absolute(starter),
      own: try OwnProgram.path(), workshops: context.workshops, programs: programs)
    try contents.addLicenses(Licenses(more: call[licenses] ?? ""))
    try contents.addManifest(version: version, platform: platform)
    for note in contents.notes { context.output.message("note: \(note)") }
    let blob = try TarArchive.write(contents.tree, to: FileSystem.absolute(file))
    try context.output.data("\(blob.digest)  \(file)\n")
    return ExitCode.success
  }
}
