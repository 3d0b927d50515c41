// What SageMaker, or common sense, would refuse in a pipeline.
import Content

extension PipelineDefinition {
  /// Bytes of the largest definition.
  public static let mostBytes = 1 << 20

  /// All mistakes, each with its step and what was expected; none where SageMaker should take it.
  ///
  /// Source: the API of SageMaker, `CreatePipeline`, and the developer guide, "Pipelines".
  public func problems() -> [String] {
    var problems: [String] = []
    let all = allSteps
    if all.isEmpty { problems.append("the pipeline has no steps") }
    var seen: Set<String> = []
    for step in all {
      if !Self.isName(step.name) {
        problems.append(
          "step '\(step.name)': expected a name of at most 64 letters, digits, '-' and '_'")
      }
      if !seen.insert(step.name).inserted {
        problems.append(
          "step '\(step.name)': two steps have this name; names are unique, in branches too")
      }
    }
    for name in parameters where parameters.filter({ $0 == name }).count > 1 {
      problems.append("the parameter '\(name)' is declared twice")
    }
    for scope in scopes(steps, outer: []) {
      for step in scope.steps { problems += self.problems(of: step, visible: scope.visible) }
    }
    problems += circles()
    if let bytes = try? document.canonicalBytes(), bytes.count > Self.mostBytes {
      problems.append(
        "the definition has \(bytes.count) bytes; expected at most \(Self.mostBytes): "
          + "compile coarser jobs")
    }
    return problems
  }

  /// Steps that stand in one list, with the names that they may refer to.
  private struct Scope {
    let steps: [PipelineStep]
    let visible: Set<String>
  }

  private func scopes(_ steps: [PipelineStep], outer: Set<String>) -> [Scope] {
    let visible = outer.union(steps.map(\.name))
    var scopes = [Scope(steps: steps, visible: visible)]
    for step in steps {
      guard case .condition(_, let then, let otherwise) = step.kind else { continue }
      scopes += self.scopes(then, outer: visible) + self.scopes(otherwise, outer: visible)
    }
    return scopes
  }

  private func problems(of step: PipelineStep, visible: Set<String>) -> [String] {
    var problems: [String] = []
    func add(_ text: String) { problems.append("step '\(step.name)': \(text)") }
    func isKnown(_ other: String, _ use: String) -> Bool {
      if visible.contains(other) { return true }
      add(
        allSteps.contains { $0.name == other }
          ? "it \(use) '\(other)', which lies in a branch; use it inside of that branch"
          : "it \(use) '\(other)', which is no step")
      return false
    }
    for other in step.dependsOn { _ = isKnown(other, "depends on") }
    switch step.kind {
    case .request(let type, let arguments):
      guard let operation = RequestOperation(stepType: type) else {
        add(
          "its type is '\(type)'; expected Processing, Training, Transform, Model or RegisterModel")
        return problems
      }
      for name in arguments.parameters.sorted() where !parameters.contains(name) {
        add("it reads the parameter '\(name)', which the pipeline does not declare")
      }
      for other in arguments.answers.sorted() { _ = isKnown(other, "reads the answer of") }
      problems += operation.problems(in: arguments, isNamed: false)
        .map { "step '\(step.name)': \($0)" }
    case .condition(let conditions, let then, let otherwise):
      if conditions.isEmpty { add("it has no condition") }
      if then.isEmpty, otherwise.isEmpty { add("both of its branches are empty") }
      for condition in conditions {
        guard isKnown(condition.step, "reads a file of"),
          let writer = allSteps.first(where: { $0.name == condition.step })
        else { continue }
        switch condition.left {
        case .file(_, let file, _):
          if !writer.propertyFiles.contains(where: { $0.name == file }) {
            add("'\(writer.name)' has no property file '\(file)'")
          }
        case .metric:
          if case .request("Training", _) = writer.kind { break }
          add("'\(writer.name)' is no Training step, so it reports no metric")
        }
        if case .text(let text) = condition.value, condition.order != .equals {
          add(
            "it compares by the order of characters with '\(text)'; compare numbers, as text '9' "
              + "is above '50'")
        }
      }
    }
    for file in step.propertyFiles {
      guard case .request("Processing", let arguments) = step.kind else {
        add("only a Processing step has property files")
        continue
      }
      if !Self.outputs(of: arguments).contains(file.output) {
        add("its property file '\(file.name)' is of an output '\(file.output)' that it has not")
      }
    }
    return problems
  }

  private static func outputs(of arguments: RequestValue) -> [String] {
    guard case .list(let outputs) = arguments["ProcessingOutputConfig"]?["Outputs"] else {
      return []
    }
    return outputs.compactMap {
      if case .text(let name) = $0["OutputName"] { name } else { nil }
    }
  }

  /// Steps that wait for each other.
  private func circles() -> [String] {
    var needs: [String: Set<String>] = [:]
    for step in allSteps {
      var names = Set(step.dependsOn)
      switch step.kind {
      case .request(_, let arguments): names.formUnion(arguments.answers)
      case .condition(let conditions, _, _): names.formUnion(conditions.map(\.step))
      }
      needs[step.name, default: []].formUnion(names)
      // What lies in a branch comes after its condition.
      for inner in step.inner { needs[inner.name, default: []].insert(step.name) }
    }
    // Steps whose needs are met are taken away until none is left, or only circles.
    while let free = needs.first(where: { $0.value.allSatisfy { needs[$0] == nil } }) {
      needs[free.key] = nil
    }
    guard !needs.isEmpty else { return [] }
    return [
      "the steps \(needs.keys.sorted().joined(separator: ", ")) wait for each other"
    ]
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.count)
      && name.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
      }
  }
}
