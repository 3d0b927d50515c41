// A step family as the build reads it: its steps, and which sources are whose. It writes no code.
import Fingerprint

/// The steps of a family with the sources that their code is in.
public struct Family: Sendable {
  /// The name of the target.
  public let name: String
  let steps: [FamilyStep]
  private let sources: [FamilySource]

  /// Reads the Swift sources of a family and refuses what would make the key of a step too small.
  public init(name: String, sources files: [SourceFile]) throws(GenerationError) {
    self.name = name
    var sources: [FamilySource] = []
    var refusals: [Refusal] = []
    for file in files.sorted(by: { $0.path < $1.path }) {
      do {
        sources.append(try FamilySource(file))
      } catch {
        refusals.append(error)
      }
    }
    self.sources = sources
    let protocols = StepProtocols(in: sources.flatMap(\.declarations))
    var steps: [FamilyStep] = []
    for source in sources {
      let all = source.declarations.flatMap(\.flattened)
      refusals += all.compactMap { item in
        protocols.disguise(in: item).map { said in
          Refusal(
            path: source.path, line: item.line,
            message:
              "\(item.name) is a step by '\(said)', which the build does not follow; name Step by "
              + "itself where the struct is declared: 'struct \(item.name): Step'")
        }
      }
      let own = all.filter { $0.kind != "protocol" && protocols.makeStep($0) }
      for (index, item) in own.enumerated() {
        if let problem = Self.problem(item, isFirst: index == 0, in: source) {
          refusals.append(
            Refusal(path: source.path, line: item.line, message: problem))
        } else {
          steps.append(
            FamilyStep(
              name: item.name, path: source.path, declaration: item,
              extensions: source.declarations.filter {
                $0.kind == "extension" && $0.name == item.name
              }))
        }
      }
    }
    self.steps = steps
    refusals += StepRules(family: name, sources: sources, steps: steps).refusals
    refusals += Self.handwritten(steps)
    for step in steps {
      do {
        _ = (try step.types(), try step.initializer())
      } catch {
        refusals.append(error)
      }
    }
    guard refusals.isEmpty else { throw .refused(refusals) }
  }

  /// The paths of the files that hold a step.
  var stepFiles: Set<String> { Set(steps.map(\.path)) }

  /// What the files import, once each and in order.
  var imports: [String] {
    let all = sources.flatMap(\.declarations).filter { $0.kind == "import" }.map(\.name)
    return Set(all).sorted()
  }

  /// What can be imported without a condition.
  var unconditionalImports: [String] {
    Set(sources.flatMap { source in source.unconditionalImports }).sorted()
  }

  private static func problem(
    _ item: Declaration, isFirst: Bool, in source: FamilySource
  ) -> String? {
    if item.kind != "struct" {
      return
        "a step is a struct that names Step where it is declared; '\(item.kind) \(item.name)' is not"
    }
    if !source.declarations.contains(item) {
      return "the step \(item.name) is within another type; declare it outside of all braces"
    }
    if item.isPrivate { return "the step \(item.name) is private, so no worker can find it" }
    if !isFirst {
      return "\(item.name) is the second step of this file; give it a file of its own"
    }
    return nil
  }

  /// What authors wrote before the build did.
  private static func handwritten(_ steps: [FamilyStep]) -> [Refusal] {
    steps.compactMap { step in
      step.members.first { $0.name == "code" && $0.modifiers.contains("static") }.map {
        Refusal(
          path: step.path, line: $0.line,
          message: "the build writes 'code' for each step; remove this line")
      }
    }
  }
}
