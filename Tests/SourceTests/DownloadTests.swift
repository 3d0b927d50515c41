// Downloads of file:// addresses by the real curl: no network.
import AtelierStep
import AtelierTesting
import PropensityFormats
import Testing

@testable import Source

@Suite struct DownloadTests {
  // printf 'hello\n' | sha256sum
  private let digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

  private func download(_ url: String, _ sha256: String) throws -> StepHarness.Result {
    try StepHarness.run(Download<EventFile>(url: url, sha256: sha256))
  }

  @Test func aFileOfTheRightDigestIsTaken() throws {
    let space = try TemporarySpace()
    let path = try space.write("a file", "hello\n")
    let url = "file://" + path.split(separator: " ").joined(separator: "%20")
    #expect(try download(url, digest).text("file") == "hello\n")
    #expect(try download(url, "sha256:" + digest.uppercased()).text("file") == "hello\n")
  }

  @Test func anotherDigestIsRefusedWithBoth() throws {
    let space = try TemporarySpace()
    let path = try space.write("file", "hallo\n")
    #expect {
      try download("file://\(path)", digest)
    } throws: {
      "\($0)" == """
        file://\(path) gave 6 bytes with \
        sha256:622cb3371c1a08096eaac564fb59acccda1fcdbe13a9dd10b486e6463c8c2525, expected \
        sha256:\(digest); check the address, and the parameter 'sha256' if the file is meant to \
        have changed
        """
    }
  }

  @Test func aMissingFileAndABadDigestAreNamed() throws {
    let space = try TemporarySpace()
    #expect {
      try download("file://\(space.path)/none", digest)
    } throws: { "\($0)".hasPrefix("can't download file://\(space.path)/none: curl: (37)") }
    #expect {
      try download("file://\(space.path)/none", "abc")
    } throws: { "\($0)".hasPrefix("the parameter 'sha256' is 'abc'") }
  }

  @Test func stepsOfTheFamilyHaveNamesOfTheirOwn() {
    #expect(
      SourceFamily.steps.map { $0.stepName } == [
        "ImportEvents", "DownloadEventFile", "DownloadAnyFile", "DownloadTableFile", "ReadWorkbook",
        "ImportTable",
      ])
  }
}
