// What a job is told: a small document in the bucket, under its digest.
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

  /// The request of a job; `decisions` are the nodes whose decisions the container leaves for branches.
  init(_ unit: JobUnit, _ plan: Plan, decisions: [String], _ settings: JobSettings) throws {
    let code = Dictionary(
      unit.steps.map { ("\($0.family).\($0.step)", JSONValue.string($0.code.digest)) },
      uniquingKeysWith: { $1 })
    document = [
      "v": 1, "plan": .string(plan.digest.description), "workshop": .string(plan.workshop),
      "job": .string(unit.name), "nodes": .array(unit.nodes.map { .string($0.name) }),
      "code": .object(code), "decisions": .array(decisions.map { .string($0) }),
      "store": ["bucket": .string(settings.bucket), "prefix": .string(settings.prefix)],
      "region": .string(settings.region),
    ]
    digest = try Digest.of(document.canonicalBytes())
    key = settings.key("jobs", "requests", "\(digest.hex).json")
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
    _ unit: JobUnit, _ plan: Plan, decided: Set<String>, _ settings: JobSettings
  ) throws {
    self.unit = unit
    decisions = unit.decisions(among: decided)
    request = try JobRequest(unit, plan, decisions: decisions, settings)
    job = ProcessingJob(
      name: JobName.stem([plan.workshop, unit.name], digest: request.digest.hex),
      image: settings.imageValue,
      arguments: ["job", .text("s3://\(settings.bucket)/\(request.key)")],
      role: settings.roleValue, instanceType: try unit.instanceType(settings),
      volumeSize: settings.volumeSize,
      longestSeconds: unit.seconds(longest: settings.longestSeconds),
      output: decisions.isEmpty
        ? nil
        : .joined(
          [.text("s3://\(settings.bucket)/\(Self.decisions(plan, settings))"), .executionName],
          separator: "/"),
      tags: [
        "atelier:workshop": plan.workshop, "atelier:job": unit.name,
        "atelier:plan": plan.digest.description,
      ])
  }

  /// What SageMaker would refuse in the request, each with the job's name.
  public var problems: [String] {
    RequestOperation.createProcessingJob.problems(in: job.request).map { "\(unit.name): \($0)" }
  }

  /// The folder of decisions in the bucket, without the execution's name.
  static func decisions(_ plan: Plan, _ settings: JobSettings) -> String {
    settings.key("jobs", "decisions", plan.workshop)
  }

  /// The file that holds a node's decision, in the container's folder and in the bucket.
  static func file(of node: String) -> String { "\(node).json" }
}
