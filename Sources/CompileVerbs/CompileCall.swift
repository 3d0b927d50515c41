// What each compile verb begins with: the plan of a call, and the settings of jobs.
import Atelier
import CommandLine
import Compile
import Configuration
import Content
import Jobs
import Plans
import Project
import Terminal

/// A call of a compile verb: its session and the plan of its targets.
struct CompileCall {
  let session: Session
  let plan: Plan

  /// Looks at the sources and wires the graph; nothing runs and nothing is written.
  init(_ call: Call, targets: Argument, _ context: VerbContext) throws {
    let status = try GraphStatus(Session(call, targets: call[targets], context))
    session = status.session
    let graph = status.graph
    var sources: [Int: OutputRecord] = [:]
    for index in status.selection.nodes {
      guard case .source = graph.nodes[index].kind else { continue }
      for output in graph.nodes[index].outputs {
        sources[index] = status.planner.artifact(index, output.name)?.record
      }
    }
    let recorded = session.recordedSettings.object ?? [:]
    do {
      plan = try Plan(
        graph, nodes: status.selection.nodes,
        settings: recorded.compactMapValues { $0["value"]?.string }, sources: sources,
        projectRoot: session.projectRoot)
    } catch let error as Plan.UnknownSource {
      throw UsageError("\(error)")
    }
  }

  /// Image, role, place and machines of jobs by the configuration.
  func jobs() throws -> JobSettings {
    let table = try JobTable(reading: session.configuration)
    func aws(_ key: String) throws -> String { try session.settings.string("AWS", key) }
    let bucket = try aws("s3_bucket_name")
    guard !bucket.isEmpty else {
      throw UsageError(
        "[AWS] s3_bucket_name is empty; name the bucket that jobs keep results and requests in")
    }
    var types: [String: String] = [:]
    for pair in table.instanceTypes.split(separator: ",") {
      // Blanks may stand around names and types, as in lists elsewhere.
      let parts = pair.filter { $0 != " " }
        .split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError(
          "[Jobs] instance_types: expected NAME=TYPE, such as train=ml.c5.2xlarge, found '\(pair)'")
      }
      types[parts[0]] = parts[1]
    }
    for type in types.values.sorted() + [table.instanceType] where !type.isEmpty {
      guard type.hasPrefix("ml."), type.split(separator: ".").count == 3 else {
        throw UsageError(
          "[Jobs] expected a machine of SageMaker, such as ml.m5.large, found '\(type)'")
      }
    }
    guard table.role.isEmpty || RequestOperation.isRole(table.role) else {
      throw UsageError(
        "[Jobs] role: expected arn:<partition>:iam::<account>:role/<name>, found '\(table.role)'")
    }
    guard !table.image.contains(where: \.isWhitespace) else {
      throw UsageError("[Jobs] image: expected an image of a registry, found '\(table.image)'")
    }
    let prefix = try aws("s3_prefix").split(separator: "/").joined(separator: "/")
    return JobSettings(
      image: table.image.isEmpty ? nil : table.image,
      role: table.role.isEmpty ? nil : table.role, bucket: bucket, prefix: prefix,
      region: try aws("region"),
      instanceType: table.instanceType.isEmpty ? nil : table.instanceType, instanceTypes: types,
      volumeSize: table.volumeSize, longestSeconds: table.longestMinutes * 60)
  }
}
