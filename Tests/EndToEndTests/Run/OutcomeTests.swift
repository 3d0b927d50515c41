// What a run came to and why it ran: key numbers, decisions, causes and consequences, in every verb.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct OutcomeTests {
  /// The first screen of a number: its name, its value, what it was.
  private func line(_ text: String, _ name: String) -> String? {
    text.split(separator: "\n").map(String.init).first { $0.contains("\(name) ") }
  }

  @Test func oneSettingIsTheCauseAndTheRestFollows() throws {
    let (space, report) = try Space.afterRun()
    // Nothing is due, deliveries included.
    #expect(try space.atelier(["run", "week5", "-n"]).out.hasPrefix("nothing would run"))
    #expect(try space.atelier(["status", "week5"]).out.hasSuffix(" current\n"))

    let change = ["Segment.to": "0.8"]
    let dry = try space.atelier(["run", "week5", "-n"], change, expecting: 3).out
    #expect(dry.contains("because of Segment.to 0.93 -> 0.8\n"), "\(dry)")
    #expect(dry.contains("will run  Segment.to 0.93 -> 0.8\n"), "\(dry)")
    let status = try space.atelier(["status", "week5"], change, expecting: 3).out
    #expect(status.contains("because of Segment.to 0.93 -> 0.8\n"), "\(status)")
    #expect(status.contains("week4.trial.* (3)"), "\(status)")
    #expect(status.contains(" current, 1 will run, "), "\(status)")
    #expect(
      try space.atelier(["status", "week5", "-v"], change, expecting: 3).out
        .contains("week4.trial.2 "))
    // Of a stage what will run, of a step every field.
    let stage = try space.atelier(["explain", "week5"], change).out
    #expect(stage.contains("  because: Segment.to 0.93 -> 0.8\n"), "\(stage)")
    #expect(stage.contains(" current (--verbose shows them)\n") && !stage.contains("parameters.to"))
    let step = try space.atelier(["explain", "week5.members"], change).out
    #expect(step.contains("  parameters.to: 0.93 -> 0.8\n"), "\(step)")

    let events = try space.atelier(["run", "week5", "--json"], change).lines()
    let members = try #require(
      events.first { $0["step"] == "week5.members" && $0["event"] == "step" })
    #expect(
      members["settings"] == [["name": "Segment.to", "old": "0.93", "new": "0.8"]], "\(members)")
    #expect(members["reasons"]?.array?.first?["field"] == "parameters.to")
    let segment = try #require(
      events.first { $0["step"] == "week5.segment" && $0["event"] == "step" })
    #expect(segment["follows"] == ["week5.members"], "\(segment)")
    // Numbers are numbers, and say what they were.
    let reach = try #require(
      events.first { $0["event"] == "key-number" && $0["name"] == "reach" })
    let (old, new) = (reach["was"]?.number, reach["value"]?.number)
    #expect(old != nil && new != nil && old != new, "\(reach)")
    let published = try #require(
      events.first { $0["step"] == "week5.members-delivery" }?["published"])
    #expect(published["files"] == 1 && published["rows"]?.number == new, "\(published)")

    // The whole of it once more, by the last two runs.
    let diff = try space.atelier(["diff"]).out
    #expect(diff.contains("\nsettings: Segment.to 0.93 -> 0.8\n"), "\(diff)")
    #expect(diff.contains("\nAUC ") && diff.contains(", same\nreach "), "\(diff)")
    #expect(diff.contains(" people -> "), "\(diff)")
    let json = try space.atelier(["diff", "--json"]).lines()
    #expect(json.first?["event"] == "setting" && json.first?["new"] == "0.8")
    #expect(json.first { $0["name"] == "reach" }?["old"]?.number == old)

    // Going back runs no step, and delivers: that is due.
    let back = try space.atelier(["run", "week5", "-n"], expecting: 3).out
    #expect(back.contains("2 deliveries would be made; "), "\(back)")
    #expect(
      try space.atelier(["status", "week5"], expecting: 3).out.contains(", 2 to deliver\n"))
    #expect(report.summary["status"] == "ok")
  }

  @Test func theEndOfARunSaysWhatCameOut() throws {
    let (space, _) = try Space.afterRun()
    let ended = try space.atelier(["run", "week5", "--compare"], ["Segment.to": "0.8"])
    let numbers = try #require(line(ended.err, "AUC"))
    #expect(numbers.hasPrefix("AUC 0.") && numbers.contains("   reach "), "\(ended.err)")
    #expect(numbers.contains(" people (was "), "\(ended.err)")
    #expect(ended.err.contains(" rows, ") && ended.err.contains(" 1 file, "), "\(ended.err)")
    #expect(ended.out.hasPrefix("reach ") && ended.out.contains(" (Segment.to=0.93): "))
    let list = try space.atelier(["list", "runs"]).out.split(separator: "\n").map(String.init)
    let head = try #require(list.first)
    for word in ["run", "status", "AUC", "accuracy", "reach", "Segment.to", "started"] {
      #expect(head.split(separator: " ").contains(Substring(word)), "\(head)")
    }
    // A setting that is the same in all runs has no column.
    #expect(!head.contains("Atelier.seed") && list.count == 4, "\(list)")
    // A record may be another's: its names move no cursor.
    let runs = space.store + "/.atelier/runs/"
    let newest = try #require(
      FileManager.default.contentsOfDirectory(atPath: runs).filter { $0.hasSuffix(".json") }
        .sorted().last)
    let text = try TestFiles.text(runs + newest)
    let hostile = text.replacing(#""name":"reach""#, with: #""name":"reach\u001b[2J""#)
    #expect(hostile != text)
    try FileManager.default.removeItem(atPath: runs + newest)
    try TestFiles.write(Array(hostile.utf8), to: runs + newest)
    for words in [["list", "runs"], ["diff", "latest"]] {
      let shown = try space.atelier(words).out
      #expect(shown.contains("reach") && !shown.contains("\u{1B}"), "\(shown)")
    }
  }

  @Test func theFirstScreenOfAReport() throws {
    let (space, _) = try Space.afterRun()
    try space.atelier(["run", "week5"], ["Segment.to": "0.8"])
    let page = try space.atelier(["report", "-o", "-"]).out
    let head = try #require(page.range(of: "</header>")).lowerBound
    let first = page[..<head]
    #expect(first.contains("<dl class=\"keys\""))
    #expect(first.contains("<dt>reach</dt><dd class=\"value\">"))
    #expect(first.contains("<del>0.93</del> \u{2192} <ins>0.8</ins>"), "\(first.suffix(3000))")
    #expect(page.contains("Changed since <time"))
    // Each interval of the topology has its rule.
    #expect(page.contains("propensity &gt;= {from} and "), "\(page.count)")
    let reach = try #require(page.firstMatch(of: #/data-reach="([0-9 ]+)"/#))
    #expect(reach.output.1.split(separator: " ").count == 5151)
    #expect(page.contains(" outputs unchanged</summary>") && page.contains("class=\"preview"))
    // A summary holds no row of a table.
    let scores = try space.atelier(["show", "week4.scores", "--format", "csv"]).out
    let user = try #require(
      scores.split(separator: "\n").dropFirst().first?.split(separator: ",").first)
    let summary = try space.atelier(["report", "--summary", "-o", "-"]).out
    #expect(page.contains(user) && !summary.contains(user))
    #expect(!summary.contains("class=\"preview") && summary.contains("<dl class=\"keys\""))
  }

  @Test func aDecisionIsASentence() throws {
    let space = try WorkshopSpace.retail()
    let good = try space.atelier(
      ["run", "retail/inference"], ["Retail.rmse_threshold": "1000000"])
    let sentence = try #require(line(good.err, "Model"))
    #expect(sentence.hasPrefix("Model accepted: RMSE "), "\(good.err)")
    #expect(sentence.hasSuffix(" is below 1,000,000"), "\(good.err)")
    #expect(good.err.contains("RMSE of the test part "), "\(good.err)")
    let bad = try space.atelier(["run", "retail/inference"], ["Retail.rmse_threshold": "0"])
    let refusal = try #require(line(bad.err, "Model"))
    #expect(refusal.hasPrefix("Model refused: RMSE "))
    #expect(refusal.hasSuffix(" is not below 0 (was accepted)"))
    #expect(bad.err.contains("(target 0 missed)"), "\(bad.err)")
    // The part that was not measured has no number.
    #expect(!bad.err.contains("test part"), "\(bad.err)")
    let diff = try space.atelier(["diff", "-w", "retail"]).out
    #expect(diff.contains(refusal + "\n"), "\(diff)")
    #expect(diff.contains("settings: Retail.rmse_threshold 1000000 -> 0\n"), "\(diff)")
  }
}
