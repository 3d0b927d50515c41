// Two users of one group on one store, in turn: each builds upon what the other made, cleans up and
// publishes.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultGroupTests {
  /// Numbers that no account has: `setpriv` needs none.
  private static let group = 47_110
  private static let users = [47_111, 47_112]

  private static func graph(_ number: Int) -> [JSONValue] {
    [
      ["name": "one.a", "script": .string("echo \(number) > $out; echo said >&2")],
      ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
      ["name": "two.published", "deliver": "one.b", "dataset": "data"],
    ]
  }

  private func space(_ mask: Int) throws -> FixtureSpace {
    let space = try FixtureSpace(Self.graph(0))
    try FileManager.default.createDirectory(
      atPath: space.store, withIntermediateDirectories: true)
    try #require(chown(space.store, uid_t(Self.users[0]), gid_t(Self.group)) == 0)
    try #require(chmod(space.store, mode_t(0o2777 & ~mask)) == 0)
    return space
  }

  private func call(
    _ space: FixtureSpace, _ user: Int, _ mask: Int, _ words: String...
  ) throws -> EndedProgram {
    try space.start(
      words,
      by: [
        "setpriv", "--reuid=\(Self.users[user])", "--regid=\(Self.group)", "--clear-groups", "sh",
        "-c", "umask \(String(mask, radix: 8)); exec \"$@\"", "sh",
      ]
    ).wait(seconds: 60)
  }

  private static let isPossible =
    getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

  /// B1, F24, D7: with a mask that lets the group write, all is as with one user.
  @Test(.enabled(if: isPossible, "only root can be two users"), arguments: [0o002, 0o007])
  func b1TwoUsersOfOneGroup(_ mask: Int) throws {
    let space = try space(mask)
    let rounds = ProcessInfo.processInfo.environment["ATELIER_SOAK"] == nil ? 6 : 200
    for round in 0..<rounds {
      let user = round % 2
      try space.setGraph(Self.graph(round / 3))
      let run = try call(space, user, mask, "run", "--json")
      #expect(run.code == 0, "round \(round): \(run.out)\(run.err)")
      let isNew = round % 3 == 0
      #expect(run.statuses["one.b"] == (isNew ? "built" : "hit"), "round \(round): \(run.out)")
      #expect(run.deliveries["two.published"] == (isNew ? "delivered" : "unchanged"))
      guard round % 3 == 2 else { continue }
      let collected = try call(space, 1 - user, mask, "store", "gc", "--delete", "--keep-runs", "1")
      #expect(collected.code == 0, "round \(round): \(collected.out)\(collected.err)")
      let fsck = try call(space, user, mask, "store", "fsck")
      #expect(fsck.code == 0, "round \(round): \(fsck.out)\(fsck.err)")
    }
    // Each had the rows of the other: the index was never made anew.
    let index = try FileManager.default.attributesOfItem(
      atPath: space.store + "/.atelier/index.sqlite")
    #expect(index[.ownerAccountID] as? Int == Self.users[0])
  }

  @Test(.enabled(if: isPossible, "only root can be two users"))
  func b1AStoreOfOneUserIsRefusedInWords() throws {
    let space = try space(0o077)
    #expect(try call(space, 0, 0o077, "run").code == 0)
    let other = try call(space, 1, 0o077, "run")
    #expect(other.code == 5, "\(other.code) \(other.err)")
    #expect(other.err.contains(space.store), "\(other.err)")
    #expect(other.err.contains("Permission denied"), "\(other.err)")
    #expect(try call(space, 0, 0o077, "run").code == 0)
  }

  /// B12: a file system that has no symlinks, as FAT and exFAT, is found out before any step runs.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cc"), "no C compiler"))
  func b12AStoreThatCannotLinkIsRefusedAtOpening() throws {
    let space = try FixtureSpace(Self.graph(0))
    let library = try space.preloadable(
      """
      #include <errno.h>
      int symlink(const char *to, const char *path) { (void)to; (void)path; errno = EPERM; return -1; }
      """, named: "nolink")
    let run = try space.start(["run", "--json"], environment: ["LD_PRELOAD": library])
      .wait(seconds: 60)
    #expect(run.code == 5 && run.statuses.isEmpty, "\(run.code) \(run.out)\(run.err)")
    #expect(run.err.contains(space.store) && run.err.contains("symbolic links"), "\(run.err)")
  }
}
