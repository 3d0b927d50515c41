// How people name a run on the command line: one grammar for every verb.
import CommandLine

/// `[workshop/]RUN`, where RUN is an id, the beginning of one, `latest`, `latest~N` or a tag.
package struct RunReference: Sendable {
  /// The workshop, where it is named.
  package let workshop: String?
  package let run: String

  /// Throws `UsageError` for the bare name of a workshop.
  package init(_ text: String, _ context: VerbContext) throws {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      (workshop, run) = (parts[0], parts[1])
    } else if context.workshops.contains(where: { $0.name == text }) {
      throw UsageError(
        "'\(text)' is a workshop, not a run; name one of its runs, such as \(text)/latest")
    } else {
      (workshop, run) = (nil, text)
    }
  }

  /// 0 for `latest`, N for `latest~N`, nil for anything else.
  package static func age(_ reference: String) -> Int? {
    if reference == "latest" { return 0 }
    guard reference.hasPrefix("latest~"), let age = Int(reference.dropFirst(7)), age >= 0 else {
      return nil
    }
    return age
  }
}

extension Session {
  /// The session of a verb that takes runs, and the runs without the workshop's name.
  ///
  /// All that name a workshop must name the same one, which `--workshop` may name, too.
  package static func open(
    _ call: Call, runs: [String], _ context: VerbContext
  ) throws -> (session: Session, runs: [String]) {
    let references = try runs.map { try RunReference($0, context) }
    let named = Set(references.compactMap(\.workshop)).sorted()
    let session = try Session(call, targets: named, context)
    if let odd = session.targets.first {
      // It is no workshop's name, so the session took it for a target.
      _ = try context.workshop(odd, call)
    }
    return (session, references.map(\.run))
  }
}
