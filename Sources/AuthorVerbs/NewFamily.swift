// The family of a new Swift step, and what Package.swift says of it. Text in, text out.
import CommandLine
import Content

/// A module of steps that a workshop uses.
struct NewFamily {
  let name: String
  /// Whether Package.swift has it already.
  let exists: Bool

  /// Adds the family, and lets it and the workshop's module import what they must; the text is
  /// Package.swift's.
  ///
  /// Throws where the lists are not written as `swift format` does.
  func edited(_ package: String, workshop: String, imports: [String]) throws -> String {
    var text = package
    if exists {
      for module in imports { try Self.add(module, to: "family", name, in: &text) }
    } else {
      let modules = imports.map { "\"\($0)\"" }.joined(separator: ", ")
      let edit = NewEdit(
        path: "Package.swift", list: "let families: [Target] = [",
        element: "family(\"\(name)\", [\(modules)])")
      guard let edited = edit.applied(to: text) else {
        throw UsageError(
          "Package.swift: expected one list that begins with the line `\(edit.list)` and ends with a "
            + "line `]`; nothing was written. Write the list like this again, or add by hand:\n"
            + edit.shown)
      }
      text = edited
    }
    try Self.add(name, to: "workshop", workshop, in: &text)
    return text
  }

  /// Adds a module to the dependencies of one call `kind("target", [...])`, unless it has it.
  private static func add(
    _ module: String, to kind: String, _ target: String, in text: inout String
  ) throws {
    let lines = TextLines.of(text).map(String.init)
    let head = "\(kind)("
    let start = lines.indices.first { index in
      let line = lines[index].drop { $0 == " " }
      guard line.hasPrefix(head) else { return false }
      let next = index + 1 < lines.count ? lines[index + 1].drop { $0 == " " } : ""
      return (line.dropFirst(head.count) + next).hasPrefix("\"\(target)\",")
    }
    let opening = start.flatMap { start in lines[start...].firstIndex { $0.contains("[") } }
    let closing = opening.flatMap { opening in lines[opening...].firstIndex { $0.contains("]") } }
    guard let start, let opening, let closing,
      let left = lines[opening].firstIndex(of: "["), let right = lines[closing].firstIndex(of: "]")
    else {
      throw UsageError(
        "Package.swift: expected a line \(head)\"\(target)\", with a list of modules; nothing was "
          + "written. Add \"\(module)\" to the modules that \(target) may import by hand")
    }
    guard !lines[opening...closing].contains(where: { $0.contains("\"\(module)\"") }) else {
      return
    }
    var edited = lines
    if opening == closing {
      let isEmpty = lines[opening].index(after: left) == right
      edited[opening].insert(contentsOf: (isEmpty ? "" : ", ") + "\"\(module)\"", at: right)
      if opening == start, edited[opening].utf8.count > 100 {
        let call = edited[opening].drop { $0 == " " }.dropFirst(head.count)
        edited[opening...opening] = ["  \(head)", "    \(call)"]
      }
    } else {
      if !edited[closing - 1].hasSuffix(",") { edited[closing - 1] += "," }
      let indent = lines[closing].prefix { $0 == " " }
      edited.insert("\(indent)  \"\(module)\",", at: closing)
    }
    text = edited.joined(separator: text.contains("\r\n") ? "\r\n" : "\n")
  }
}
