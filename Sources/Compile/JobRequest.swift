// What a job is told: a small document in the bucket, under its digest.
import Atelier
import Content
import Jobs
import Plans

/// The document that `atelier job` reads: which nodes of which plan it does, with which code, and
/// where results are kept.
///
/// The same request has the same digest, so the same place; it holds no secret.
public struct JobRequest: Sendable {
  /// The document.
  public let document: JSONValue
  /// SHA-256 of its canonical bytes.
  public let digest: Digest
  /// Its key in the bucket.
  public let key: String

  /// The request of a job; `decisions` are the nodes whose decisions the container leaves for branches,
  /// `files` those that it leaves for a training.
  init(
    _ unit: JobUnit, _ plan: Plan, decisions: [String], files: [BuiltInTraining.Channel],
    _ settings: JobSettings
  ) throws {
    let code = Dictionary(
      unit.steps.map { ("\($0.family).\($0.step)", JSONValue.string($0.code.digest)) },
      uniquingKeysWith: { $1 })
    document = [
      "v": 1, "plan": .string(plan.digest.description),
      "planKey": .string(Self.planKey(plan, settings)), "workshop": .string(plan.workshop),
      "job": .string(unit.name), "nodes": .array(unit.nodes.map { .string($0.name) }),
      "code": .object(code), "decisions": .array(decisions.map { .string($0) }),
      "files": .object(
        Dictionary(
          files.map { ($0.name, ["node": .string($0.node), "file": .string($0.file)]) },
          uniquingKeysWith: { $1 })),
      "store": ["bucket": .string(settings.bucket), "prefix": .string(settings.prefix)],
      "region": .string(settings.region),
    ]
    digest = try Digest.of(document.canonicalBytes())
    key = settings.key("jobs", "requests", "\(digest.hex).json")
  }

  /// The key of a plan in the bucket: a request names it, and the settings of its steps are there.
  private static func planKey(_ plan: Plan, _ settings: JobSettings) -> String {
    settings.key("jobs", "plans", "\(plan.digest.hex).json")
  }
}

/// A job with what it is asked: what every form of document is made of.
public struct CompiledJob: Sendable {
  /// What it does.
  public let unit: JobUnit
  /// What the container is told.
  public let request: JobRequest
  /// What SageMaker is asked.
  public let job: ProcessingJob
  /// The nodes whose decisions it leaves for branches.
  public let decisions: [String]

  /// Compiles a unit of a plan.
  ///
  /// - Throws: a `CompileError` where no machine has what its steps reserve.
  init(
    _ unit: JobUnit, _ plan: Plan, decided: Set<String>,
    files: [BuiltInTraining.Channel] = [], _ settings: JobSettings
  ) throws {
    self.unit = unit
    decisions = unit.decisions(among: decided)
    let own = Set(unit.nodes.map(\.name))
    let files = files.filter { own.contains($0.node) }
    request = try JobRequest(unit, plan, decisions: decisions, files: files, settings)
    var outputs = files.map {
      ProcessingJob.Output(name: $0.name, place: Self.place(of: $0, plan, settings))
    }
    if !decisions.isEmpty {
      outputs.append(
        ProcessingJob.Output(
          name: Self.decisionsOutput,
          place: .joined(
            [.text("s3://\(settings.bucket)/\(Self.decisions(plan, settings))"), .executionName],
            separator: "/")))
    }
    job = ProcessingJob(
      name: JobName.stem([settings.name ?? plan.workshop, unit.name], digest: request.digest.hex),
      image: settings.imageValue,
      arguments: ["job", .text("s3://\(settings.bucket)/\(request.key)")],
      role: settings.roleValue, instanceType: try unit.instanceType(settings),
      volumeSize: settings.volumeSize,
      longestSeconds: unit.seconds(longest: settings.longestSeconds),
      outputs: outputs,
      tags: settings.tags(
        workshop: plan.workshop, job: unit.name, plan: plan.digest.description))
  }

  /// What SageMaker would refuse in the request, each with the job's name.
  public var problems: [String] {
    RequestOperation.createProcessingJob.problems(in: job.request).map { "\(unit.name): \($0)" }
  }

  /// The name of the output with the decisions.
  static let decisionsOutput = "decisions"

  /// The folder in the bucket that a training reads a file from.
  static func place(
    of file: BuiltInTraining.Channel, _ plan: Plan, _ settings: JobSettings
  ) -> RequestValue {
    .joined(
      [
        .text("s3://\(settings.bucket)/\(settings.key("jobs", "files", plan.workshop))"),
        .executionName, .text(file.name),
      ], separator: "/")
  }

  /// The folder of decisions in the bucket, without the execution's name.
  package static func decisions(_ plan: Plan, _ settings: JobSettings) -> String {
    settings.key("jobs", "decisions", plan.workshop)
  }

  /// The file that holds a node's decision, in the container's folder and in the bucket.
  static func file(of node: String) -> String { "\(node).json" }
}
