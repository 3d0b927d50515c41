// The settings that a new baseline keeps of a session.
import Atelier
import CommandLine
import Configuration
import Project

extension Session {
  /// The settings that a new baseline keeps: the old one's, and those of the command line that the
  /// workshop itself knows.
  package func kept(_ baseline: [String: String], _ call: Call) throws -> [String: String] {
    var kept = baseline
    let settings = workshop.settings
    for (name, value) in try call.assignments {
      let own = settings.first {
        "\($0.section).\($0.key)".lowercased() == name.lowercased()
      }
      // The file is committed: no secret may get into it.
      guard let own, !EngineSettings.names(own), !Secret.isSecret(key: own.key) else { continue }
      kept["\(own.section).\(own.key)"] = value
    }
    return kept
  }
}
