// One change and what it may do: foretold by explain, run exactly, and undone for nothing.
import Testing

/// What a change is expected to do.
package struct Change {
  /// The settings that change.
  package var settings: [String: String] = [:]
  /// The reasons of the steps that the change meets first.
  package var direct: [String: [String]] = [:]
  /// The reasons known beforehand of steps that also wait for others.
  package var partial: [String: [String]] = [:]

  package init(
    settings: [String: String] = [:], direct: [String: [String]] = [:],
    partial: [String: [String]] = [:]
  ) {
    self.settings = settings
    self.direct = direct
    self.partial = partial
  }
}

extension Space {
  /// Runs after a change and expects exactly what it calls for.
  ///
  /// Before the run, `explain` names the changed fields of the steps met first, and every consumer
  /// of theirs waits. Then those steps run, and of the others just the ones that an input of
  /// changed digest reaches; everyone's reasons agree with what was explained.
  @discardableResult
  package func expect(
    _ change: Change, after before: RunReport, at location: SourceLocation = #_sourceLocation
  ) throws -> RunReport {
    let foretold = try explain(change.settings)
    let direct = Set(change.direct.keys)
    let due = foretold.filter { $0.value.status == "will-run" }.mapValues(\.reasons)
    #expect(due == change.direct, sourceLocation: location)
    let waiting = foretold.filter { $0.value.status == "waits" }.mapValues(\.reasons)
    let consumers = try consumers(of: direct, change.settings)
    #expect(Set(waiting.keys) == consumers, sourceLocation: location)
    #expect(
      waiting.filter { !$0.value.isEmpty } == change.partial, sourceLocation: location)
    let status = try atelier(
      ["status", "week5"], change.settings, expecting: nil
    ).code
    #expect(status == (due.isEmpty && waiting.isEmpty ? 0 : 3), sourceLocation: location)

    let after = try run(["week5"], change.settings)
    var expected = direct.union(change.partial.keys)
    for node in try graph(change.settings) where node.kind == "step" {
      let moved = node.inputs.contains { after.digest($0) != before.digest($0) }
      if moved, consumers.contains(node.name) { expected.insert(node.name) }
    }
    #expect(after.built == expected, sourceLocation: location)
    for (name, step) in after.steps where step.status == "built" {
      let known = change.direct[name] ?? change.partial[name] ?? []
      #expect(Set(step.reasons).isSuperset(of: known), "\(name)", sourceLocation: location)
      let rest = step.reasons.filter { !known.contains($0) }
      let onlyInputs = rest.allSatisfy { $0.hasPrefix("inputs.") }
      #expect(onlyInputs, "\(name): \(rest)", sourceLocation: location)
      if direct.contains(name) { #expect(rest.isEmpty, "\(name)", sourceLocation: location) }
    }
    return after
  }

  /// Expects that nothing runs and every result is that of the run before.
  package func expectHits(
    _ settings: [String: String] = [:], like before: RunReport, options: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let foretold = try explain(settings)
    #expect(foretold.allSatisfy { $0.value.status == "current" }, sourceLocation: location)
    let report = try run(["week5"], settings, options: options)
    #expect(report.built == [], sourceLocation: location)
    #expect(report.digests == before.digests, sourceLocation: location)
    #expect(try atelier(["status", "week5"], settings).code == 0, sourceLocation: location)
  }

  /// A change, and back again.
  @discardableResult
  package func expectThereAndBack(
    _ change: Change, from before: RunReport, at location: SourceLocation = #_sourceLocation
  ) throws -> RunReport {
    let after = try expect(change, after: before, at: location)
    try expectHits(like: before, at: location)
    try expectHits(change.settings, like: after, at: location)
    return after
  }
}
