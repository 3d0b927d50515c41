// Blocks that a page marks with `run by a test`: each `$ atelier ...` prints the lines below it.
import AtelierTesting
import CLI
import Foundation
import Terminal
import Testing

@Suite struct RunBlockTests {
  @Test func everyMarkedCommandPrintsWhatThePageShows() throws {
    var commands = 0
    for page in try Page.all() {
      for block in page.blocks where block.marker == "run by a test" {
        for part in ("\n" + block.text).components(separatedBy: "\n$ atelier ").dropFirst() {
          let lines = part.components(separatedBy: "\n")
          let kept = CapturedOutput()
          _ = CommandLineProgram.run(
            lines[0].split(separator: " ").map(String.init), workshops: PageTests.workshops,
            steps: { [] }, sink: kept, environment: ["ATELIER_PROJECT": TestTools.root])
          let shown = lines.dropFirst().map { $0 + "\n" }.joined()
          let printed = kept.data + kept.messages
          #expect(printed == shown, "\(page.path):\(block.line): atelier \(lines[0])")
          commands += 1
        }
      }
    }
    #expect(commands >= 4)
  }
}
