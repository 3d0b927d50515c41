// The program `atelier-bench`: the engine and command line of `atelier` over synthetic graphs, and
// measurements of the store alone.
import CLI
import Synthetic

@main
enum AtelierBench {
  static func main() {
    if CommandLine.arguments.dropFirst().first == "measure" {
      Measure.main(Array(CommandLine.arguments.dropFirst(2)))
    }
    CommandLineProgram.main(workshops: [SyntheticWorkshop.self], steps: SyntheticFamily.steps)
  }
}
