// A second executable over the same engine and command line, for tests: its first workshop is a
// list of shell commands that a test writes, its second one a fixed chain.
import CLI
import Command

@main
enum FixtureProgram {
  static func main() {
    CommandLineProgram.main(
      workshops: [FixtureWorkshop.self, OtherWorkshop.self],
      steps: CommandFamily.steps + [
        InventRows.self, InventDocument.self, WriteRows.self, WriteDocument.self, Held.self,
        Quick.self, Built.self,
      ])
  }
}
