// A project in which everything has been run before, without running it again for each test.
import AtelierTesting
import Foundation

extension Space {
  /// A space whose store holds a run of week5 with the settings that every space has, and what that
  /// run said.
  ///
  /// The run is made once for all tests; the blobs of its store are shared by hard links, so this is
  /// nothing for a test that damages a blob or its folder.
  package static func afterRun() throws -> (space: Space, before: RunReport) {
    let prepared = try prepared.get()
    let space = try Space()
    let (from, to) = (prepared.folder("store"), space.store)
    #if os(Linux)
      let link = "cp -al"
    #else
      let link = "cp -a"
    #endif
    let copied = try start(
      "/bin/sh",
      [
        "-c",
        """
        set -e; mkdir -p "$2/.atelier"; cd "$1"
        for name in * .atelier/*; do
          case $name in .atelier/cas) \(link) "$name" "$2/$name" ;; *) cp -a "$name" "$2/$name" ;; esac
        done
        """, "sh", from, to,
      ], environment: ["PATH": "/usr/bin:/bin"], folder: space.root)
    guard copied.code == 0 else { throw ProgramError(copied.err) }
    return (space, prepared.report)
  }

  /// A store that week5 was run in, and what the run said.
  private struct Prepared {
    let folder: TemporaryFolder
    let report: RunReport
  }

  private static let prepared = Result {
    let space = try Space()
    let prepared = Prepared(folder: try TemporaryFolder(), report: try space.run())
    try FileManager.default.moveItem(atPath: space.store, toPath: prepared.folder("store"))
    return prepared
  }
}
