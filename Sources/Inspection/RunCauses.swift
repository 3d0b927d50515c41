// What a person changed between two runs, and what came of it: settings and key numbers.
import Content
import Execution
import KeyNumbers
import Planning

/// The settings and the key numbers of two runs.
package struct RunCauses {
  package let settings: [SettingChange]
  package let numbers: [KeyChange]
  /// The decisions of the new run, with the words of the old one where they are others.
  package let verdicts: [(was: String?, new: KeyVerdict)]

  package init(_ old: RunRecord, _ new: RunRecord, results: (RunRecord) -> KeyResults) {
    settings = SettingChange.between(old.json["settings"], new.json["settings"])
    let (before, after) = (results(old), results(new))
    numbers = after.changes(from: before)
    verdicts = after.verdicts.map { (before.word(unlike: $0), $0) }
  }

  /// A line for the settings, one for each key number that changed and each decision.
  package var lines: [String] {
    var lines: [String] = []
    if !settings.isEmpty {
      lines.append("settings: " + settings.map(\.text).joined(separator: ", "))
    }
    lines += numbers.map(\.sentence)
    lines += verdicts.map { $0.new.sentence(was: $0.was) }
    return lines
  }

  /// An event for each setting and each key number.
  package var events: [JSONValue] {
    settings.map { setting in
      .object((setting.json.object ?? [:]).merging(["v": 1, "event": "setting"]) { $1 })
    }
      + numbers.map { change in
        var fields = change.new.event
        fields["value"] = nil
        fields["old"] = .number(change.old.value)
        fields["new"] = .number(change.new.value)
        fields["difference"] = .number(change.new.value - change.old.value)
        fields["verdict"] = .string(change.verdict.rawValue)
        return .object(fields)
      }
      + verdicts.map { verdict in
        var fields = verdict.new.event
        fields["was"] = verdict.was.map { .string($0) } ?? .null
        return .object(fields)
      }
  }
}
