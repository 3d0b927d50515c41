// An image unpacked into an empty folder, in which its program runs as a user without rights. It
// knows no test.
import AtelierTesting
import Content
import Foundation

/// The root of a container, made of an image's layers; only /opt/ml in it can be written.
///
/// A class so that its folder goes when the test ends.
package final class UnpackedImage {
  /// Whether this machine can run it: only root may change the root, and mount what a container
  /// has.
  package static let isPossible =
    getuid() == 0
    && ["/usr/bin/unshare", "/usr/sbin/chroot"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    } && run(["/usr/bin/unshare", "--mount", "/bin/true"])
  package static let absence = "needs root, unshare and chroot"

  /// A user of no file.
  private static let user = "65534:65534"

  package let folder: TemporaryFolder
  package let entrypoint: [String]
  package let environment: [String: String]
  package var root: String { folder("root") }
  /// The folder that may be written, as it is outside.
  package var scratch: String { root + "/opt/ml" }

  /// Unpacks the image of a layout by tar.
  package init(layout: String) throws {
    folder = try TemporaryFolder()
    func document(_ digest: String?) throws -> JSONValue {
      try JSONValue(parsing: TestFiles.read(Self.blob(digest, layout)))
    }
    let index = try JSONValue(parsing: TestFiles.read(layout + "/index.json"))
    let manifest = try document(index["manifests"]?.array?.first?["digest"]?.string)
    let configuration = try document(manifest["config"]?["digest"]?.string)["config"]
    entrypoint = (configuration?["Entrypoint"]?.array ?? []).compactMap(\.string)
    environment = Dictionary(
      uniqueKeysWithValues: (configuration?["Env"]?.array ?? []).compactMap(\.string).map {
        let parts = $0.split(separator: "=", maxSplits: 1).map(String.init)
        return (parts[0], parts[1])
      })
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for layer in manifest["layers"]?.array ?? [] {
      let words = ["tar", "-xpf", Self.blob(layer["digest"]?.string, layout), "-C", root]
      guard Self.run(["/usr/bin/env"] + words) else {
        throw ProgramError(words.joined(separator: " "))
      }
    }
    // Everything is root's, and only /opt/ml the user's.
    for path in ["tmp", "var/tmp"] { chmod("\(root)/\(path)", 0o755) }
    chown(scratch, 65534, 65534)
  }

  private static func blob(_ digest: String?, _ layout: String) -> String {
    "\(layout)/blobs/sha256/\((digest ?? "").dropFirst(7))"
  }

  /// The command that starts the image's program with some arguments, as a container's engine
  /// would: with /proc and /dev, and the image's environment alone.
  package func command(_ arguments: [String], _ variables: [String: String] = [:]) -> [String] {
    let all = environment.merging(variables) { $1 }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }
    return [
      "/usr/bin/unshare", "--mount", "/bin/sh", "-c",
      """
      root=$1; shift
      mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125
      exec "$@"
      """, "sh", root, "/usr/bin/env", "-i",
    ] + all + ["/usr/sbin/chroot", "--userspec=\(Self.user)", root] + entrypoint + arguments
  }

  /// Runs the image's program to its end.
  @discardableResult
  package func atelier(
    _ arguments: [String], _ variables: [String: String] = [:], expecting status: Int32? = 0
  ) throws -> EndedProgram {
    let words = command(arguments, variables)
    let ended = try Space.start(
      words[0], Array(words.dropFirst()), environment: ["PATH": "/usr/bin:/bin:/usr/sbin"],
      folder: folder.path)
    if let status, ended.code != status {
      throw ProgramError(
        "\(arguments.joined(separator: " ")) in the image ended with \(ended.code), not "
          + "\(status):\n\(ended.err)\n\(ended.out)")
    }
    return ended
  }

  /// Gives a folder below the scratch folder the bytes of one outside, as the image's user.
  package func copy(_ path: String, to name: String) throws {
    guard Self.run(["/bin/cp", "-a", path, "\(scratch)/\(name)"]),
      Self.run(["/bin/chown", "-R", Self.user, "\(scratch)/\(name)"])
    else { throw ProgramError("cannot copy \(path)") }
  }

  private static func run(_ words: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
