// The program `atelier-bench`: the engine and command line of `atelier` over synthetic graphs, and
// measurements of the store and of the S3 client alone.
import CLI
import Synthetic

@main
enum AtelierBench {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst(2))
    switch CommandLine.arguments.dropFirst().first {
    case "measure": Measurement.main { try Measure.run(words) }
    case "s3": Measurement.main { try Transfers.run(words) }
    default:
      CommandLineProgram.main(workshops: [SyntheticWorkshop.self], steps: SyntheticFamily.steps)
    }
  }
}
