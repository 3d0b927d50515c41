// The program `atelier`: the workshops and step families of this package, and nothing else.
import CLI
import Command
import Featurize
import Propensity
import Query
import Retail
import Segment
import Simulate
import Source
import Train
import Transfer

@main
enum AtelierProgram {
  static func main() {
    CommandLineProgram.main(
      workshops: [PropensityWorkshop.self, RetailWorkshop.self],
      steps: SourceFamily.steps + CommandFamily.steps + QueryFamily.steps + SimulateFamily.steps
        + FeaturizeFamily.steps + TransferFamily.steps + TrainFamily.steps + SegmentFamily.steps)
  }
}
