// Changes one value of an ini text and leaves every other byte alone. It knows nothing of the file
// on disk; writing it is the caller's work.

extension IniDocument {
  /// Sets one value, so that reading the new text gives it back and changes nothing else.
  ///
  /// A value that is there is replaced where it stands; a new option goes to the end of its section
  /// and a new section to the end of the file. Comments stay, also those between the lines of the
  /// old value. Setting the value that is there already changes no byte.
  ///
  /// - Throws: `IniError.refusedValue`, without the value, if the value or a new name cannot be read
  ///   back as it is or if ConfigParser's `set` would refuse a `%` in it.
  public mutating func set(
    _ section: String, _ key: String, _ value: String
  ) throws(IniError) {
    let refuse = { [file] (reason: String) in
      IniError.refusedValue(file: file, section: section, option: key, reason: reason)
    }
    if let reason = Self.refusal(of: value) { throw refuse(reason) }
    let name = key.pythonLowered
    if let present = contents[section]?[name]?.value, present.isExactly(value) { return }
    let rewritten = rewrittenText(section, key: key, value: value)
    guard let reread = try? IniDocument(text: rewritten, file: file),
      reread.hasSameValues(as: self, exceptFor: (section, name, value))
    else {
      throw refuse("the file would be read back differently; check the section's and key's names")
    }
    self = reread
  }

  /// Why no reader would give the value back; nil if nothing is known against it.
  private static func refusal(of value: String) -> String? {
    let lines = value.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Substring($0) }
    for (number, line) in lines.enumerated() {
      let scalars = line.unicodeScalars
      if scalars.contains("\r") { return "a value cannot hold a carriage return" }
      if line.pythonStripped().unicodeScalars.count != scalars.count {
        return "line \(number + 1) of the value begins or ends with white space, "
          + "which a reader drops"
      }
      if number > 0, scalars.first == "#" || scalars.first == ";" {
        return "line \(number + 1) of the value would be read as a comment"
      }
    }
    if lines.count > 1, lines.last?.isEmpty == true {
      return "the value ends with an empty line, which a reader drops"
    }
    guard Interpolator.isValid(value) else {
      return "expected '%%' or '%(name)s' where a '%' stands; write '%%' for a percent sign"
    }
    return nil
  }

  private func rewrittenText(_ section: String, key: String, value: String) -> String {
    var rewriter = IniRewriter(text: text, contents: contents)
    if let found = contents[section], found.header != nil {
      if let option = found[key.pythonLowered] {
        rewriter.replace(option, with: value)
      } else {
        rewriter.append(key: key, value: value, to: found)
      }
    } else {
      rewriter.append(section: section, key: key, value: value)
    }
    return rewriter.text
  }

  /// Whether all options, in order, are those of `old` with one value changed or added last.
  private func hasSameValues(
    as old: IniDocument, exceptFor change: (section: String, name: String, value: String)
  ) -> Bool {
    var expected = old.contents.sections.map { section in
      (section.name, section.options.map { ($0.name, $0.value) })
    }
    let position = old.contents.position(of: change.section) ?? expected.count
    if position == expected.count { expected.append((change.section, [])) }
    let names = expected[position].1.map(\.0)
    if let index = names.firstIndex(where: { $0.isExactly(change.name) }) {
      expected[position].1[index].1 = change.value
    } else {
      expected[position].1.append((change.name, change.value))
    }
    return contents.sections.elementsEqual(expected) { section, wanted in
      section.name.isExactly(wanted.0)
        && section.options.elementsEqual(wanted.1) { option, pair in
          option.name.isExactly(pair.0) && option.value.isExactly(pair.1)
        }
    }
  }
}
