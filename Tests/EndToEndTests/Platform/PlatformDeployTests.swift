// `atelier aep`: what the weeks need is made once, by a program whose config.ini asks for the platform already.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness
import Testing

@Suite(
  .programs, .enabled(if: PlatformSandbox.isInstalled, Comment(rawValue: PlatformSandbox.absence)))
struct PlatformDeployTests {
  @Test func whatIsDeployedServesTheWeeks() throws {
    let live = try LiveSpace(enabled: false)
    live.space.settings["Platform.dataset_id"] = nil
    live.space.settings["Platform.scoring_dataset_id"] = nil
    #expect(try live.space.atelier(["aep", "status"], expecting: 3).out.contains("missing"))
    // Without --yes nobody can be asked here, and nothing is made.
    let asked = try live.space.atelier(["aep", "deploy"], expecting: 2)
    #expect(asked.err.contains("--yes"), "\(asked.err)")
    #expect(try live.platform.count("POST /data/foundation/schemaregistry") == 0)

    let deployed = try live.space.atelier(["aep", "deploy", "--yes"])
    #expect(deployed.out.contains("events") && deployed.out.contains("scores"))
    #expect(deployed.err.contains("no profiles are sent"), "\(deployed.err)")
    let config = try String(
      contentsOfFile: live.space.project + "/Workshops/Propensity/config.ini", encoding: .utf8)
    #expect(config.contains("# Propensity workshop"))
    #expect(try live.space.atelier(["aep", "status"]).out.contains("present"))

    let run = try live.space.run()
    #expect(run.built.contains("week5.evaluation"))
    // The profiles that the run simulated go there now, and once.
    for _ in 0..<2 { try live.space.atelier(["aep", "deploy", "--yes"]) }
    #expect(try live.made()["batches"] == 5)
    #expect(try live.platform.count("POST /data/foundation/catalog/dataSets") == 3)
    try live.space.atelier(["aep", "destroy", "--yes"])
    #expect(try live.platform.violations() == [])
  }
}
