// What has to go before a stack can go, in which order, and what is left afterwards.
import CloudFormation
import S3

/// What a stack's removal would remove, counted.
package struct DestructionPlan: Sendable {
  package var stack: StackDescription
  /// Resources of the stack that are not gone.
  package var resources: [StackResource]
  /// What CloudFormation does not remove by itself.
  package var studios: [StudioRemains]
  package var bucket: String? { buckets.first }
  /// All its buckets.
  package var buckets: [String] = []
  /// Versions of objects, delete markers among them, and their bytes.
  package var versions = 0
  package var bytes: Int64 = 0
  /// Uploads in parts that were never ended.
  package var uploads = 0
}

/// What stands in the way of a Studio domain's removal, and what it leaves behind.
package struct StudioRemains: Sendable {
  package var domain: String
  /// Whether the domain itself is still there.
  package var isThere: Bool
  package var apps: [StudioApp] = []
  package var spaces: [String] = []
  /// User profiles that are none of the stack's.
  package var profiles: [String] = []
  /// File systems with their mount targets.
  package var fileSystems: [(id: String, mountTargets: [String])] = []
  /// Security groups that SageMaker made in the network.
  package var groups: [SecurityGroup] = []
}

/// Removes a stack with all that CloudFormation would stumble over.
///
/// What is gone already is no error, so an interrupted removal is done again from its beginning.
package struct StackDestruction: Sendable {
  var advice: String { "`\(words.destroy)` goes on from here" }

  let services: StackServices
  private let stack: String
  private let words: StackWords

  /// `stack` is a name or an id; `words` are the calls that errors propose.
  package init(_ services: StackServices, stack: String, words: StackWords = .stack) {
    self.words = words
    self.services = services
    self.stack = stack
  }

  /// Looks at all that there is; nil where there is no such stack.
  package func plan() throws(StackFailure) -> DestructionPlan? {
    let found = try ask("CloudFormation") { try services.cloud.stack(stack) }
    guard let found, !found.isGone else { return nil }
    let all = try ask("CloudFormation") { try services.cloud.resources(of: found.id) }
    let buckets = all.filter {
      $0.type == "AWS::S3::Bucket" && !$0.isGone && !$0.physicalID.isEmpty
    }
    var plan = DestructionPlan(
      stack: found, resources: all.filter { !$0.isGone }, studios: [],
      buckets: buckets.map(\.physicalID))
    // Of the stack, or one of another stack that this one names.
    let network =
      all.first { $0.type == "AWS::EC2::VPC" && !$0.isGone }?.physicalID
      ?? found.outputs["NetworkId"]
    let own = Set(all.filter { $0.type == "AWS::SageMaker::UserProfile" }.map(\.physicalID))
    for domain in all where domain.type == "AWS::SageMaker::Domain" && !domain.physicalID.isEmpty {
      plan.studios.append(
        try remains(domain, of: found, network: network, ownProfiles: own))
    }
    for name in plan.buckets { try count(name, &plan) }
    return plan
  }

  /// Removes everything of a plan in order; reports what was done, and events as they come.
  package func carryOut(
    _ plan: DestructionPlan, say: (String) -> Void, report: (StackEvent) -> Void
  ) throws(StackFailure) {
    if plan.stack.status != "DELETE_IN_PROGRESS" {
      for studio in plan.studios { try clear(studio, say: say) }
      for name in plan.buckets { try empty(name, say: say) }
    }
    let advice = "the removal goes on without us; \(self.advice)"
    var watch: StackWatch
    if plan.stack.status == "DELETE_IN_PROGRESS" {
      watch = try StackWatch(resuming: plan.stack.id, services, advice: advice)
    } else {
      watch = try StackWatch(services, stack: plan.stack.id, advice: advice)
      try ask("CloudFormation") { try services.cloud.delete(stack: plan.stack.id) }
    }
    _ = try watch.wait(report: report, isFine: \.isGone)
  }

  /// Looks again for everything that a plan named: a line for each thing that is still there.
  package func left(of plan: DestructionPlan) throws(StackFailure) -> [String] {
    var left: [String] = []
    let now = try ask("CloudFormation") { try services.cloud.stack(plan.stack.id) }
    if let now, !now.isGone {
      left.append("stack \(now.name) (\(now.status))")
      let resources = try ask("CloudFormation") { try services.cloud.resources(of: now.id) }
      for resource in resources where !resource.isGone {
        left.append("\(resource.name) \(resource.physicalID) (\(resource.type))")
      }
    }
    for name in plan.buckets {
      let isThere = try ask("S3") { try services.bucket(name, nil).bucketExists() }
      if isThere { left.append("bucket \(name)") }
    }
    let systems = try plan.studios.isEmpty ? [] : fileSystems()
    for studio in plan.studios {
      for system in systems where studio.fileSystems.contains(where: { $0.id == system.id }) {
        left.append("file system \(system.id) of the Studio domain \(studio.domain)")
      }
    }
    return left
  }

  // ---- looking ----

  private func remains(
    _ domain: StackResource, of stack: StackDescription, network: String?,
    ownProfiles: Set<String>
  ) throws(StackFailure) -> StudioRemains {
    let id = domain.physicalID
    let home = try ask("SageMaker") { try services.studio.fileSystem(ofDomain: id) }
    var remains = StudioRemains(domain: id, isThere: home != nil)
    if remains.isThere {
      remains.apps = try ask("SageMaker") { try services.studio.apps(inDomain: id) }
      remains.spaces = try ask("SageMaker") { try services.studio.spaces(inDomain: id) }
      remains.profiles = try ask("SageMaker") { try services.studio.userProfiles(inDomain: id) }
        .filter { !ownProfiles.contains($0) }
    }
    // A domain that is gone is still named by the tag of its file system.
    let known = Set([home, stack.outputs["EFSID"]].compactMap { $0 })
    for system in try fileSystems() {
      let owner = system.tags["ManagedByAmazonSageMakerResource"] ?? ""
      guard known.contains(system.id) || owner.hasSuffix("/\(id)") else { continue }
      let targets = try ask("EFS") { try services.fileSystems.mountTargets(of: system.id) }
      remains.fileSystems.append((system.id, targets))
    }
    if let network {
      remains.groups = try ask("EC2") { try services.securityGroups.groups(inVPC: network) }
        .filter { $0.name.hasPrefix("security-group-for-") && $0.name.hasSuffix("-\(id)") }
    }
    return remains
  }

  private func fileSystems() throws(StackFailure) -> [NetworkFileSystem] {
    try ask("EFS") { try services.fileSystems.fileSystems() }
  }

  private func count(_ name: String, _ plan: inout DestructionPlan) throws(StackFailure) {
    var (versions, bytes) = (0, Int64(0))
    plan.uploads += try ask("S3") {
      let bucket = try services.bucket(name, nil)
      guard try bucket.bucketExists() else { return 0 }
      try S3Versions(of: bucket).list { page in
        versions += page.count
        bytes += page.reduce(0) { $0 + $1.size }
        return true
      }
      return try bucket.pendingUploads().count
    }
    (plan.versions, plan.bytes) = (plan.versions + versions, plan.bytes + bytes)
  }

  func ask<Answer>(
    _ service: String, _ body: () throws -> Answer
  ) throws(StackFailure) -> Answer {
    try asking(service, advice: advice, body)
  }
}
