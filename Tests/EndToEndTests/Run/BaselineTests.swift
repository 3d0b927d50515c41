// The committed baselines: every workshop's outputs are what somebody agreed to.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct BaselineTests {
  /// The folders of the workshops that have a baseline, and the name of each.
  static let workshops = TestFiles.list(TestTools.root + "/Workshops")
    .filter { $0.hasSuffix("/Baselines/small.json") }
    .compactMap { $0.split(separator: "/").first.map(String.init) }

  @Test func everyWorkshopHasOne() {
    let all = TestFiles.list(TestTools.root + "/Workshops").filter {
      $0.hasSuffix("/config.ini") && $0.count { $0 == "/" } == 1
    }
    #expect(!all.isEmpty)
    #expect(Self.workshops.count == all.count, "\(Self.workshops) of \(all)")
  }

  @Test(arguments: workshops)
  func outputsAreWhatWasAgreedTo(_ folder: String) throws {
    let space = try TemporaryFolder()
    let words = [
      "check", folder.lowercased(), "--project", TestTools.root, "--set",
      "Atelier.root=\(space("store"))",
    ]
    let first = try Space.start(
      Space.program(), words, environment: Space.tools, folder: space.path)
    #expect(first.code == 0, "\(first.err)\n\(first.out)")
    // Nothing runs a second time, and no file of the checkout was touched.
    let second = try Space.start(
      Space.program(), words, environment: Space.tools, folder: space.path)
    #expect(second.code == 0 && second.err.contains(" 0 ran"), "\(second.err)")
  }
}
