// Which workshops, stages and steps the checkout's Swift sources name, built or not. It compiles nothing.
import CommandLine
import Content
import FileTools

/// The names in the sources of a checkout, found in their text.
package struct SourceNames {
  private let root: String

  package init(root: String) { self.root = root }

  /// The source that declares a workshop, below the checkout; nil where none does.
  package func workshop(_ name: String) -> String? {
    for folder in FileSystem.names(in: root + "/Workshops").sorted() {
      for source in sources(of: folder)
      where source.text.matches(of: #/\blet name(?:: String)? = "([^"]+)"/#)
        .contains(where: { $0.1 == name })
      {
        return source.path
      }
    }
    return nil
  }

  /// The source of a workshop's folder that wires a step, below the checkout; nil where none does.
  ///
  /// The name is the whole one, `stage.step`, which the source has in one or as a scope and a name.
  package func step(_ name: String, in folder: String) -> String? {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let wholeCall = "(\"\(name)\""
    return sources(of: folder).first { source in
      let text = source.text.replacing(#/\(\s+"/#, with: "(\"")
      return text.contains(wholeCall)
        || Self.scopes(parts[0], in: text).contains { $0.contains("(\"\(parts[1])\"") }
    }?.path
  }

  /// The source of a workshop's folder that declares a stage; nil where none does.
  package func stage(_ name: String, in folder: String) -> String? {
    sources(of: folder).first { $0.text.contains("Stage(\"\(name)\"") }?.path
  }

  /// What is between the braces of `stage("week1") { ... }`.
  private static func scopes(_ stage: String, in text: String) -> [Substring] {
    text.ranges(of: "stage(\"\(stage)\")").compactMap { range in
      guard let open = text[range.upperBound...].firstIndex(of: "{") else { return nil }
      var depth = 0
      for index in text[open...].indices {
        switch text[index] {
        case "{": depth += 1
        case "}": depth -= 1
        default: continue
        }
        if depth == 0 { return text[open...index] }
      }
      return nil
    }
  }

  /// The Swift files of a workshop's folder, those of its own folders too, without comments.
  private func sources(of folder: String) -> [(path: String, text: String)] {
    var found: [(path: String, text: String)] = []
    var folders = ["Workshops/\(folder)"]
    while let next = folders.popLast() {
      for name in FileSystem.names(in: "\(root)/\(next)").sorted() where !name.hasPrefix(".") {
        let path = "\(next)/\(name)"
        if name.hasSuffix(".swift"), let bytes = try? FileSystem.read("\(root)/\(path)") {
          let lines = TextLines.of(String(decoding: bytes, as: UTF8.self))
          let code = lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }
          found.append((path, code.joined(separator: "\n")))
        } else if !name.contains("."), FileSystem.isDirectory("\(root)/\(path)") {
          folders.append(path)
        }
      }
    }
    return found
  }

  /// Whether a source was saved after the running program was built.
  func isNewer(_ path: String) -> Bool {
    guard let program = try? FileStatus(OwnProgram.path(), followingLinks: true),
      let source = try? FileStatus("\(root)/\(path)", followingLinks: true)
    else { return true }
    return source.identity.mtime > program.identity.mtime
  }
}

extension Session {
  /// What to say of a target that the graph has not: that the sources have it, and how to build it.
  ///
  /// Nil where the sources have it not, either.
  package func unbuilt(_ target: String) -> String? {
    let names = SourceNames(root: projectRoot)
    if let source = names.workshop(target),
      !context.workshops.contains(where: { $0.name == target })
    {
      return "the workshop '\(target)' is in \(source), and not built yet: run `make build` first"
    }
    // `stage.step`, with the name of an output or a number behind it.
    var step = target
    var source = names.stage(target, in: workshop.folder)
    while source == nil, step.contains(".") {
      source = names.step(step, in: workshop.folder)
      if source == nil { step = String(step[..<(step.lastIndex(of: ".") ?? step.startIndex)]) }
    }
    guard let source else { return nil }
    return names.isNewer(source)
      ? "'\(step)' is in \(source), and not built yet: run `make build` first"
      : "'\(step)' is in \(source), but the settings that hold here leave it out "
        + "(or this program was built of other sources: `make build`)"
  }

  /// The error for a target that is neither a stage nor a step, or no step where `isStep`.
  package func unknown(_ target: String, isStep: Bool, among known: [String]) -> UsageError {
    if let unbuilt = unbuilt(target) { return UsageError(unbuilt) }
    return UsageError(
      "the workshop \(workshop.name) has no \(isStep ? "step" : "stage or step") '\(target)'."
        + Suggestion.text(for: target, among: known)
        + " `atelier list steps -w \(workshop.name)` lists them.")
  }
}
