// Key numbers in lines for people. It knows no terminal.

extension KeyFigure {
  /// `AUC 0.912 (was 0.905)`; what is bad about it is said, too.
  package func summary(previous: KeyFigure?) -> String {
    var notes: [String] = []
    var text = text
    if let previous {
      let change = KeyChange(from: previous, to: self)
      if change.verdict != .same {
        text = change.texts.new
        notes.append("was \(bare(change.texts.old))")
      }
    }
    if let target, meetsTarget == false { notes.append("target \(self.text(of: target)) missed") }
    if let reference, isBehindReference {
      notes.append("behind \(reference.name) \(self.text(of: reference.value))")
    }
    return "\(name) \(text)" + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }

  /// A text of a value without a noun, which the new value has already.
  private func bare(_ text: String) -> String {
    if case .named(let noun) = unit, text.hasSuffix(" " + noun) {
      return String(text.dropLast(noun.count + 1))
    }
    return text
  }
}

extension KeyResults {
  /// All numbers, several on a line of at most `width` characters, then a line for each decision.
  package func lines(previous: KeyResults?, width: Int?) -> [String] {
    var lines: [String] = []
    for number in numbers {
      let text = number.summary(previous: previous?.number(number.name))
      if let last = lines.last, last.count + 3 + text.count <= width ?? 100 {
        lines[lines.count - 1] = last + "   " + text
      } else {
        lines.append(text)
      }
    }
    return lines + verdicts.map { $0.sentence(was: previous?.word(unlike: $0)) }
  }
}
