// Stores in which everything has been run before, without running it again for each test.
import AtelierTesting
import Foundation

/// A store that was filled once, for copies.
package struct WarmStore: Sendable {
  /// What the run said that filled it.
  package let report: RunReport
  private let folder: TemporaryFolder

  /// Takes the store of a space, in which this run was the last.
  package init(of space: Space, after report: RunReport) throws {
    self.report = report
    folder = try TemporaryFolder()
    try FileManager.default.moveItem(atPath: space.store, toPath: folder("store"))
  }

  /// Gives a space a copy as its store.
  ///
  /// The blobs are shared by hard links, so this is nothing for a test that damages a blob or its
  /// folder.
  package func copy(to space: Space) throws {
    #if os(Linux)
      let link = "cp -al"
    #else
      let link = "cp -a"
    #endif
    let copied = try Space.start(
      "/bin/sh",
      [
        "-c",
        """
        set -e; mkdir -p "$2/.atelier"; cd "$1"
        for name in * .atelier/*; do
          case $name in .atelier/cas) \(link) "$name" "$2/$name" ;; *) cp -a "$name" "$2/$name" ;; esac
        done
        """, "sh", folder("store"), space.store,
      ], environment: ["PATH": "/usr/bin:/bin"], folder: space.root)
    guard copied.code == 0 else { throw ProgramError(copied.err) }
  }
}

extension Space {
  /// A space whose store holds a run of week5 with the settings that every space has, and what that
  /// run said; see `WarmStore`.
  package static func afterRun() throws -> (space: Space, before: RunReport) {
    let warm = try warm.get()
    let space = try Space()
    try warm.copy(to: space)
    return (space, warm.report)
  }

  private static let warm = Result {
    let space = try Space()
    return try WarmStore(of: space, after: space.run())
  }
}
