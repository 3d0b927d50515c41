// A second executable over the same engine and command line, for tests: its first workshop is a
// list of shell commands that a test writes, its second one a fixed chain.
import CLI
import Command
import Python
import SQL

@main
enum FixtureProgram {
  static func main() {
    CommandLineProgram.main(
      workshops: [FixtureWorkshop.self, OtherWorkshop.self],
      steps: CommandFamily.steps + PythonFamily.steps + SQLFamily.steps + [
        InventRows.self, InventDocument.self, WriteRows.self, WriteDocument.self, Held.self,
        Quick.self, Built.self,
      ])
  }
}
