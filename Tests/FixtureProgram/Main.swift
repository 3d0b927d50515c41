// A second executable over the same engine and command line, for tests: its workshop is a list of
// shell commands that a test writes.
import CLI
import Command

@main
enum FixtureProgram {
  static func main() {
    CommandLineProgram.main(
      workshops: [FixtureWorkshop.self],
      steps: CommandFamily.steps + [
        InventRows.self, InventDocument.self, WriteRows.self, WriteDocument.self, Held.self,
        Quick.self, Built.self,
      ])
  }
}
