// The configuration keys that every workshop shares: where results are kept, how many at a time.
import Atelier

enum EngineSettings {
  static let all: [Setting] = [
    Setting("Atelier", "store", default: "local", "where results are kept: local"),
    Setting(
      "Atelier", "root", default: ".store",
      "folder of a local store; relative to the project's root"),
    Setting("Atelier", "jobs", default: "0", "steps at a time; 0: as many as there are cores"),
  ]
}
