// A second workshop beside the one that tests describe: what one workshop does must leave the other
// alone, and commands say which one they mean.
import Atelier
import AtelierStep

/// A step in each stage, both of which write `[Other] word`.
///
/// The first stage has the name of a stage of the other workshop, the second one not.
enum OtherWorkshop: Workshop {
  static let name = "other"
  static let folder = "Other"
  static let summary = "a chain beside the commands of a test"
  static let stages = [Stage("one", "same name"), Stage("last", "own name")]

  static func wire(_ p: inout PipelineBuilder, _ settings: OtherSettings) {
    let word = settings.word
    p.add("one.word", WriteDocument(json: "{\"word\":\"\(word)\"}"))
    p.add("last.rows", WriteRows(csv: "word\n\(word)\n"))
  }
}

struct OtherSettings: SettingsTable {
  @Setting("Other", "word", "what is written") var word = "hello"
}
