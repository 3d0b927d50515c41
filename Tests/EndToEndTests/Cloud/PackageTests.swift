// The package of this program: installed below a prefix, and run where there is nothing else.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct PackageTests {
  private static let small = [
    "--set", "Atelier.users=300", "--set", "Atelier.trials=2",
  ]
  private static let canMount = UnpackedImage.isPossible

  private static func shell(
    _ script: String, _ arguments: [String] = [], folder: String,
    _ environment: [String: String] = [:]
  ) throws -> EndedProgram {
    let ended = try Space.start(
      "/bin/bash", ["-euc", script, "bash"] + arguments,
      environment: Space.tools.merging(environment) { $1 }, folder: folder)
    guard ended.code == 0 else {
      throw ProgramError("\(script) ended with \(ended.code):\n\(ended.err)\n\(ended.out)")
    }
    return ended
  }

  /// Installs the tests' program below a folder.
  private static func install(into prefix: String, _ folder: TemporaryFolder) throws {
    _ = try shell(
      "exec \"$1\" install \"$2\"", [TestTools.root + "/.setup/package.sh", prefix],
      folder: folder.path,
      [
        "ATELIER_PROGRAM": try Space.program(), "ATELIER_PACKAGE_FOLDER": folder("package"),
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "ATELIER_PROJECT": TestTools.root,
      ])
  }

  private func outputs(_ ended: EndedProgram) -> [String: JSONValue] {
    ended.events.filter { $0["event"] == "step" }.reduce(into: [:]) { all, event in
      if let name = event["step"]?.string { all[name] = event["outputs"] }
    }
  }

  /// One installation for all that is done with it: it takes most of the time.
  @Test func itRunsFromAnyFolderAndSharesResults() throws {
    let folder = try TemporaryFolder()
    let prefix = folder("prefix of mine")
    try Self.install(into: prefix, folder)
    let program = prefix + "/bin/atelier"
    try checkUse(program, prefix, folder)
    try checkManifest(prefix + "/lib/atelier")
    if Self.canMount { try checkEmptyRoot(prefix + "/lib/atelier", folder) }
    // The second installation replaces the first.
    try TestFiles.write([], to: prefix + "/lib/atelier/stray")
    try Self.install(into: prefix, folder)
    #expect(!FileManager.default.fileExists(atPath: prefix + "/lib/atelier/stray"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: prefix + "/lib") == ["atelier"])
  }

  /// Results lie in the folder where a person stands, and have the keys of the checkout.
  private func checkUse(_ program: String, _ prefix: String, _ folder: TemporaryFolder) throws {
    let here = folder("here")
    try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: true)
    func installed(_ words: [String]) throws -> EndedProgram {
      let ended = try Space.start(
        program, words, environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"],
        folder: here)
      guard ended.code == 0 else { throw ProgramError(ended.err + ended.out) }
      return ended
    }
    #expect(try installed(["--version"]).out.hasPrefix("atelier "))
    let first = try installed(["run", "week3", "--json"] + Self.small)
    #expect(first.statuses.values.contains("built"))
    #expect(FileManager.default.fileExists(atPath: here + "/.store/.atelier/cas"))
    let checkout = try Space.start(
      try Space.program(),
      ["run", "week3", "--json", "-C", TestTools.root, "--set", "Atelier.root=\(here)/.store"]
        + Self.small,
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"], folder: here)
    #expect(checkout.code == 0, "\(checkout.err)")
    #expect(checkout.statuses.values.allSatisfy { $0 != "built" }, "\(checkout.statuses)")
    #expect(outputs(checkout) == outputs(first))
    // What the next installation would replace is not changed.
    let refused = try Space.start(
      program, ["config", "set", "Atelier.users=250"], environment: ["PATH": "/usr/bin:/bin"],
      folder: here)
    #expect(refused.code == 5 && refused.err.contains("cp -r '\(prefix)/lib/atelier/Workshops' ."))
    // Settings of one's own: the folder Workshops beside the work.
    _ = try Self.shell(
      "cp -r \"$1\" . && sed -i 's/^users = .*/users = 250/' Workshops/Propensity/config.ini",
      [prefix + "/lib/atelier/Workshops"], folder: here)
    let own = try installed(["config", "get", "Atelier.users"])
    #expect(own.out.contains("250"), "\(own.out)")
  }

  /// Each file is the one that the list names by its digest, and licences are there.
  private func checkManifest(_ root: String) throws {
    let manifest = try JSONValue(parsing: TestFiles.read(root + "/share/manifest.json"))
    let files = try #require(manifest["files"]?.object)
    #expect(files.count > 100)
    let found = try Self.shell(
      "find . -type f ! -path ./share/manifest.json ! -name 'captured-*' | sort", folder: root
    ).out.split(separator: "\n").map { String($0.dropFirst(2)) }
    #expect(Set(found) == Set(files.keys))
    for name in ["bin/atelier", "libexec/atelier", "Workshops/Propensity/config.ini"] {
      let bytes = try TestFiles.read("\(root)/\(name)")
      #expect(files[name]?.string == (try Digest.of(bytes)).description)
    }
    for license in ["libc6/copyright", "swift.txt", "python/LICENSE.txt"] {
      let place = "share/licenses/\(license)"
      let other = "share/licenses/python3.11-minimal/copyright"
      #expect(
        files[place] != nil || (license.hasPrefix("python/") && files[other] != nil), "\(license)")
    }
    let secrets = try Self.shell(
      "grep -rlE 'AKIA[A-Z0-9]{16}' Workshops || true", folder: root)
    #expect(secrets.out.isEmpty)
  }

  /// A root that has the package, /proc and /tmp, and no other file, runs the five weeks and a picture.
  private func checkEmptyRoot(_ installed: String, _ folder: TemporaryFolder) throws {
    let root = folder("root")
    _ = try Self.shell(
      """
      mkdir -p "$1/opt" "$1/proc" "$1/tmp"
      mv "$2" "$1/opt/atelier" && cp -rl "$1/opt/atelier" "$2"
      chmod 1777 "$1/tmp"
      """, [root, installed], folder: folder.path)
    let words = ["run", "week5", "figures.roc", "--json"] + Self.small
    let inside = try Self.shell(
      """
      root=$1; shift
      exec /usr/bin/env -i /usr/bin/unshare --mount --pid --fork /bin/sh -c '
        /bin/mount -t proc proc "$0/proc" || exit 125
        exec /usr/sbin/chroot --userspec=65534:65534 "$0" "$@"' "$root" /opt/atelier/bin/atelier "$@"
      """, [root] + words + ["--set", "Atelier.root=/tmp/store"], folder: folder.path)
    #expect(inside.statuses["week4.model"] == "built")
    #expect(inside.statuses["figures.roc"] == "built")
    let outside = try Space.start(
      try Space.program(),
      words + ["-C", TestTools.root, "--set", "Atelier.root=\(root)/tmp/store"],
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"], folder: folder.path)
    #expect(outside.code == 0, "\(outside.err)")
    #expect(outside.statuses.values.allSatisfy { $0 != "built" }, "\(outside.statuses)")
    #expect(outputs(outside) == outputs(inside))
  }
}
