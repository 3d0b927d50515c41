// Words a failed step for people: its own words, its log's last lines, and what it may do.

enum FailureText {
  static func make(_ text: String, action: Action, confined: Bool, log: String) -> String {
    var lines = [text]
    let tail = LogFile.tail(of: log, lines: 10).filter { !text.contains($0) }
    if !tail.isEmpty { lines += ["its last words:"] + tail.map { "  " + $0 } }
    if confined {
      let inputs = action.inputs.keys.sorted().joined(separator: ", ")
      let programs = action.programs.keys.sorted().joined(separator: ", ")
      lines.append(
        "the step is confined to what it declared: it may read its inputs ("
          + (inputs.isEmpty ? "none" : inputs) + "), start or open "
          + (programs.isEmpty ? "no program" : programs)
          + ", and write below its own directory; anything else needs an input or a program"
          + " in the step's declaration")
    }
    return lines.joined(separator: "\n")
  }
}
