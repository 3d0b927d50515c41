// What one job does of a plan.
import Atelier
import Content
import Jobs
import Plans
import States

/// A job: some nodes of a plan, done together by Atelier itself on one machine.
public struct JobUnit: Sendable {
  /// The name, unique among the jobs of a document.
  public let name: String
  /// The stage that its nodes belong to; empty where they are of several.
  public let stage: String
  /// The nodes, in the plan's order.
  public let nodes: [PlanNode]

  /// Its first nodes, and how many more.
  var summary: String {
    let names = nodes.map(\.name)
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  /// The steps among the nodes.
  public var steps: [StepDescription] { nodes.compactMap(\.node.step) }

  /// Seconds that the job may take: the sum of its steps' attempts and delays, or `longest` where a
  /// step has no timeout.
  func seconds(longest: Int) -> Int {
    var sum = 0.0
    for step in steps {
      guard let timeout = step.limits.timeout else { return longest }
      let tries = step.limits.retries + 1
      sum += timeout * Double(tries)
      for repetition in 1..<max(tries, 1) { sum += step.limits.delay(before: repetition) }
    }
    // Some minutes for fetching inputs and storing results.
    return steps.isEmpty ? longest : Int(min(sum, 1e9).rounded(.up)) + 600
  }

  /// The machine: as the settings say, else the smallest that has what its steps reserve.
  ///
  /// - Throws: a `CompileError` where no machine has so much.
  func instanceType(_ settings: JobSettings) throws -> String {
    if let given = settings.instanceTypes[name] ?? settings.instanceTypes[stage]
      ?? settings.instanceType
    {
      return given
    }
    let cpus = steps.map(\.limits.cpus).max() ?? 1
    let memory = steps.compactMap(\.limits.memory).max() ?? Self.leastMemory
    let gpus = steps.map(\.limits.gpus).max() ?? 0
    guard
      let machine = InstanceSize.smallest(
        cpus: cpus, memory: max(memory, Self.leastMemory), gpus: gpus)
    else {
      throw CompileError(
        "\(name): no known machine has \(cpus) cores, \(memory) bytes of memory and \(gpus) graphics "
          + "processors; name one by [Jobs] instance_types, such as \(name)=ml.p4d.24xlarge")
    }
    return machine.name
  }

  /// What a step needs that reserves nothing: as on a cluster.
  private static let leastMemory: Int64 = 4 << 30

  /// The decisions that its nodes make, for branches of later jobs: names of nodes.
  func decisions(among decided: Set<String>) -> [String] {
    nodes.map(\.name).filter { decided.contains($0) }
  }
}

extension JobSettings {
  /// Throws where a machine is given for what is neither a job nor a stage of a document.
  func checkNames(_ jobs: [JobUnit], _ others: [String] = []) throws {
    let known = jobs.flatMap { [$0.name, $0.stage] } + others
    guard let unknown = instanceTypes.keys.sorted().first(where: { !known.contains($0) }) else {
      return
    }
    var names: [String] = []
    for name in known where !name.isEmpty && !names.contains(name) { names.append(name) }
    throw CompileError(
      "[Jobs] instance_types: '\(unknown)' is no job or stage of this document; there are "
        + names.joined(separator: ", "))
  }
}

/// What cannot be compiled, and what to do.
public struct CompileError: Error, CustomStringConvertible {
  /// The error in one sentence.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Names that are given once.
struct UniqueNames {
  private var given: Set<String> = []

  /// A name of a state, unique in the whole machine.
  mutating func state(_ wanted: String) -> String {
    name(wanted, longest: StateMachine.longestName)
  }

  /// The name, or with a number behind it where it was given before; cut to a length.
  mutating func name(_ wanted: String, longest: Int) -> String {
    let digest = wanted.count > longest ? ((try? Digest.of(wanted))?.hex ?? "") : ""
    let base =
      wanted.count > longest
      ? "\(wanted.prefix(longest - 9))-\(digest.prefix(8))" : wanted
    var name = base
    var number = 2
    while !given.insert(name).inserted {
      let ending = "-\(number)"
      name = base.prefix(longest - ending.count) + ending
      number += 1
    }
    return name
  }
}
