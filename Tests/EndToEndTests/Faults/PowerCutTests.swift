// The power is cut after each change that a few small runs make to their store. Tests/PowerCut does it.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct PowerCutTests {
  /// A Python with fusepy, and what it needs; nil where there is none.
  private static let python: String? = {
    guard FileManager.default.isReadableFile(atPath: "/dev/fuse"),
      let folder = try? TemporaryFolder(),
      let ended = try? RunningProgram(
        StandIns.python, ["-c", "import fuse"], environment: [:], captures: folder
      ).wait(), ended.code == 0
    else { return nil }
    return StandIns.python
  }()

  /// D1, D2, F7: results, records, tags and the version file are there after a cut.
  @Test(
    .enabled(
      if: PowerCutTests.python != nil,
      "this machine has no /dev/fuse, or libfuse2 or fusepy is not installed"))
  func d1D2F7NoCutLosesWhatWasReported() throws {
    let python = try #require(Self.python)
    let folder = try TemporaryFolder()
    try folder.write("", to: "Package.swift")
    try folder.write("", to: "Workshops/Fixture/config.ini")
    let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil
    let script = TestTools.root + "/Tests/PowerCut/power_cut.py"
    let every = isSoak ? 1 : 10
    let ended = try RunningProgram(
      python,
      [script, TestPrograms.fixture, folder.path, "\(every)", "\(Int.random(in: 1...every))"],
      environment: [:], captures: folder
    ).wait(seconds: 1200)
    print("PowerCut: \(ended.out.split(separator: "\n").last ?? "")")
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
    let changes = ended.out.split(separator: "\n").last?.split(separator: " ").first
    #expect((changes.flatMap { Int($0) } ?? 0) >= 200)
  }
}
