// The program `atelier`: the workshops and step families of this package, and nothing else.
import CLI
import Command
import Featurize
import Figures
import Propensity
import Query
import Segment
import Source
import Train
import Transfer

@main
enum AtelierProgram {
  static func main() {
    CommandLineProgram.main(
      workshops: [PropensityWorkshop.self],
      steps: SourceFamily.steps + CommandFamily.steps + QueryFamily.steps + FeaturizeFamily.steps
        + TransferFamily.steps + TrainFamily.steps + SegmentFamily.steps
        + FiguresFamily.steps)
  }
}
