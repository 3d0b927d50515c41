// Cuts a plan into jobs and branches, and puts them into an order.
import Atelier
import Plans

/// What stands in the order: a job, or a branch with what its arms do.
public indirect enum JobBlock: Sendable {
  /// A job.
  case job(JobUnit)
  /// A branch by a decision: the node that decides, and the waves of each arm.
  case branch(BranchBlock)

  /// The jobs in it, in order.
  public var jobs: [JobUnit] {
    switch self {
    case .job(let unit): [unit]
    case .branch(let branch): (branch.then + branch.otherwise).joined().flatMap(\.jobs)
    }
  }

  /// The name of the job or the branch.
  var name: String {
    switch self {
    case .job(let unit): unit.name
    case .branch(let branch): branch.name
    }
  }
}

/// A branch of a plan.
public struct BranchBlock: Sendable {
  /// The branch's name.
  public let name: String
  /// The node that decides.
  public let decision: PlanNode
  /// What is done where the decision is true.
  public let then: [[JobBlock]]
  /// What is done otherwise.
  public let otherwise: [[JobBlock]]
}

/// The jobs of a plan in waves: what stands in one wave needs nothing of the others in it.
public struct JobOrder: Sendable {
  /// The waves, in order.
  public let waves: [[JobBlock]]

  /// All jobs, in order.
  public var jobs: [JobUnit] { waves.joined().flatMap(\.jobs) }

  /// The branches, outer ones before those in their arms.
  public var branches: [BranchBlock] { Self.branches(waves) }

  /// The names of the nodes whose decisions are read between jobs.
  public var decisions: Set<String> { Set(branches.map(\.decision.name)) }

  /// Throws where a branch is decided by a file, which no job makes.
  func checkDecisions() throws {
    guard let branch = branches.first(where: \.decision.isSource) else { return }
    throw CompileError(
      "\(branch.name): its decision, \(branch.decision.name), is a file, which no job makes; compile "
        + "with --grain whole, whose job reads it itself")
  }

  /// Throws where a step acts on the platform, since no secret of it leaves this machine.
  func checkSteps() throws {
    guard
      let node = jobs.flatMap(\.nodes).first(where: { $0.node.step?.isolation == .platform })
    else { return }
    throw CompileError(
      "\(node.name) acts on the platform with this machine's credentials, which no job is given; run it "
        + "here, or set [Platform] backend = local")
  }

  private static func branches(_ waves: [[JobBlock]]) -> [BranchBlock] {
    waves.joined().flatMap { block -> [BranchBlock] in
      guard case .branch(let branch) = block else { return [] }
      return [branch] + branches(branch.then) + branches(branch.otherwise)
    }
  }

  /// Cuts a plan by a grain.
  ///
  /// A stage whose nodes cannot be done at a stretch, since a node of another stage lies between them,
  /// becomes several jobs.
  public init(_ plan: Plan, grain: Grain) {
    var cutter = Cutter(plan: plan, grain: grain)
    if grain == .whole {
      let nodes = plan.nodes.filter { !$0.isSource }
      let stages = Set(nodes.map(\.stage))
      let unit = JobUnit(
        name: plan.workshop, stage: stages.count == 1 ? stages.first ?? "" : "", nodes: nodes)
      waves = nodes.isEmpty ? [] : [[.job(unit)]]
    } else {
      waves = cutter.waves(of: plan.nodes.filter { !$0.isSource }, inside: [])
    }
  }
}

extension PlanNode {
  var isSource: Bool { if case .source = node.kind { true } else { false } }
  var isBranch: Bool { if case .select = node.kind { true } else { false } }
}

/// One cut of a plan.
private struct Cutter {
  let plan: Plan
  let grain: Grain
  private var names = UniqueNames()
  private let byName: [String: PlanNode]

  init(plan: Plan, grain: Grain) {
    self.plan = plan
    self.grain = grain
    byName = Dictionary(plan.nodes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// What is done at a stretch: nodes of one job, or all that belongs to a branch.
  private struct Item {
    let key: String
    let isBranch: Bool
    var nodes: [PlanNode]
  }

  /// The waves of nodes that all lie in the same arms.
  mutating func waves(of nodes: [PlanNode], inside arms: [BranchGuard]) -> [[JobBlock]] {
    var items = self.items(nodes, inside: arms)
    let own = Set(nodes.map(\.name))
    var done: Set<String> = []
    var waves: [[JobBlock]] = []
    while !items.isEmpty {
      func isReady(_ node: PlanNode, _ more: Set<String>) -> Bool {
        node.dependencies.allSatisfy {
          !own.contains($0) || done.contains($0) || more.contains($0)
        }
      }
      let whole = items.indices.filter { index in
        let members = Set(items[index].nodes.map(\.name))
        return items[index].nodes.allSatisfy { isReady($0, members) }
      }
      var wave: [Item] = []
      if whole.isEmpty {
        // Nodes of two stages need each other's: the first job does what it can.
        let parts = items.indices.lazy.map { index -> (Int, [PlanNode]) in
          var part: [PlanNode] = []
          for node in items[index].nodes where isReady(node, Set(part.map(\.name))) {
            part.append(node)
          }
          return (index, part)
        }
        // Some node is always ready, for a graph has no circle.
        guard let (index, part) = parts.first(where: { !$0.1.isEmpty && !items[$0.0].isBranch })
        else { break }
        wave = [Item(key: items[index].key, isBranch: false, nodes: part)]
        let taken = Set(part.map(\.name))
        items[index].nodes.removeAll { taken.contains($0.name) }
      } else {
        wave = whole.map { items[$0] }
        for index in whole.reversed() { items.remove(at: index) }
      }
      done.formUnion(wave.flatMap(\.nodes).map(\.name))
      let blocks = wave.compactMap { block($0, inside: arms) }
      if !blocks.isEmpty { waves.append(blocks) }
    }
    return waves
  }

  private func items(_ nodes: [PlanNode], inside arms: [BranchGuard]) -> [Item] {
    var items: [Item] = []
    for node in nodes {
      let guards = node.node.guards
      let branch = guards.count > arms.count ? guards[arms.count].branch : nil
      let isBranch = branch != nil || node.isBranch
      let key = branch ?? (node.isBranch ? node.name : unitKey(node))
      if let index = items.firstIndex(where: { $0.key == key && $0.isBranch == isBranch }) {
        items[index].nodes.append(node)
      } else {
        items.append(Item(key: key, isBranch: isBranch, nodes: [node]))
      }
    }
    return items
  }

  /// Which job a node belongs to.
  private func unitKey(_ node: PlanNode) -> String {
    guard grain == .step else { return node.stage }
    switch node.node.kind {
    case .delivery, .ingestion:
      // What is delivered goes with the step that made it, where that lies in the same arms.
      guard let producer = node.dependencies.compactMap({ byName[$0] }).first,
        producer.node.step != nil, producer.node.guards == node.node.guards
      else { return node.name }
      return producer.name
    default: return node.name
    }
  }

  private mutating func block(_ item: Item, inside arms: [BranchGuard]) -> JobBlock? {
    guard item.isBranch else {
      let ending = grain == .stage ? arms.map { $0.arm ? "-then" : "-otherwise" }.joined() : ""
      return .job(
        JobUnit(
          name: names.name(item.key + ending, longest: 60), stage: item.nodes.first?.stage ?? "",
          nodes: item.nodes))
    }
    let inner = item.nodes.filter { $0.node.guards.count > arms.count }
    guard let first = inner.first else { return nil }
    let arm = first.node.guards[arms.count]
    guard let decision = plan.nodes.first(where: { $0.index == arm.choice.node }) else {
      return nil
    }
    func waves(_ taken: Bool) -> [[JobBlock]] {
      let part = inner.filter { $0.node.guards[arms.count].arm == taken }
      guard let first = part.first else { return [] }
      return self.waves(of: part, inside: Array(first.node.guards.prefix(arms.count + 1)))
    }
    return .branch(
      BranchBlock(
        name: item.key, decision: decision,
        then: waves(true), otherwise: waves(false)))
  }
}
