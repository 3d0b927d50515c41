// A user who may have few processes: threads and processes that cannot be started are told in words.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(
  .programs,
  .enabled(
    if: DeterminismTests.canPlayNobody && TestTools.path(of: "prlimit") != nil,
    "needs root, setpriv, prlimit and a checkout that all may read"))
struct ThreadFaultTests {
  /// A user of these tests alone, for the limit counts all processes of a user.
  private static let user = "54321"

  @Test func fewThreadsAndProcessesAreSaid_D9() throws {
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"], ["name": "one.b", "script": "echo b > $out"],
    ])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: space.folder.path)
    func run(_ limit: Int?) throws -> EndedProgram {
      let user = ["setpriv", "--reuid", Self.user, "--regid", Self.user, "--clear-groups"]
      return try space.start(
        ["run", "-j", "6"], by: user + (limit.map { ["prlimit", "--nproc=\($0)"] } ?? [])
      ).wait(seconds: 100)
    }
    for limit in [1, 2, 3, 5, 7, 9] {
      let ended = try run(limit)
      #expect([1, 5].contains(ended.code) && ended.signal == 0, "\(limit): \(ended.err)")
      let isClear = ["cannot start a thread: ", "starting a process failed"].contains {
        ended.err.contains($0)
      }
      #expect(isClear && !ended.err.contains("bug"), "\(limit): \(ended.err)")
    }
    let few = try run(5)
    #expect(few.err.contains("of 6 steps at a time: cannot start a thread"), "\(few.err)")
    let next = try run(nil)
    #expect(next.code == 0, "\(next.err)")
  }
}
