// What each compile verb begins with: the plan of a call, and the settings of jobs.
import Atelier
import CommandLine
import Compile
import Configuration
import Content
import Execution
import Jobs
import Planning
import Plans
import Project
import Registry
import Terminal
import Workers

/// A call of a compile verb: its session and the plan of its targets.
struct CompileCall {
  let session: Session
  let plan: Plan
  /// The training with a built-in algorithm that follows the plan; nil where the plan trains.
  let training: BuiltInTraining?

  /// Looks at the sources and wires the graph; nothing runs and nothing is written.
  ///
  /// A training with a built-in algorithm takes the place of the targets: the plan is then what writes
  /// its files.
  init(
    _ call: Call, targets: Argument, _ context: VerbContext, training kind: TrainingKind = .atelier
  ) throws {
    var session = try Session(call, targets: call[targets], context)
    training = try kind == .builtIn ? Self.builtIn(session) : nil
    if kind == .atelier,
      try session.workshop.builtInTraining(session.configuration)?.glue != nil
    {
      session.output.message(
        "note: the Glue job is for --training built-in; the workshop's own steps do its work here")
    }
    if let training { session = session.with(targets: training.files.map(\.node)) }
    self.session = session
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let sources = try Self.sources(graph, selection, session)
    let recorded = session.recordedSettings.object ?? [:]
    do {
      plan = try Plan(
        graph, nodes: selection.nodes,
        settings: recorded.compactMapValues { $0["value"]?.string }, sources: sources,
        projectRoot: session.projectRoot)
    } catch let error as Plan.UnknownSource {
      throw UsageError("\(error)")
    }
  }

  /// The bytes that a plan begins with, also those in arms of branches; no step is looked at.
  private static func sources(
    _ graph: Graph, _ selection: Selection, _ session: Session
  ) throws -> [Int: OutputRecord] {
    let nodes = selection.nodes.filter {
      if case .source = graph.nodes[$0].kind { true } else { false }
    }
    guard !nodes.isEmpty else { return [:] }
    let resolver = Resolver(
      environment: try session.environment(graph, selection, readOnly: true))
    var records: [Int: OutputRecord] = [:]
    for index in nodes {
      let node = graph.nodes[index]
      guard case .source(let path) = node.kind else { continue }
      do {
        records[index] = try resolver.source(path, node).values.first?.record
      } catch {
        throw UsageError("\(node.name): \(ErrorText.of(error))")
      }
    }
    return records
  }

  /// Whether S3 takes the name of a bucket.
  private static func isBucket(_ name: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    let bytes = Array(name.utf8)
    return (3...63).contains(bytes.count) && isPlain(bytes[0]) && isPlain(bytes[bytes.count - 1])
      && bytes.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  private static func builtIn(_ session: Session) throws -> BuiltInTraining {
    let name = session.workshop.name
    guard session.targets.isEmpty else {
      throw UsageError(
        "--training built-in is for a whole workshop: atelier compile ... \(name), without "
          + "'\(session.targets.joined(separator: " "))'")
    }
    guard let training = try session.workshop.builtInTraining(session.configuration) else {
      throw UsageError(
        "the workshop \(name) has no training with a built-in algorithm; leave out --training")
    }
    return training
  }

  /// The image of the built-in algorithm; nil where an execution must give it.
  private func trainingImage(region: String) throws -> String? {
    guard let training else { return nil }
    if let image = training.image {
      do {
        if !region.isEmpty { try BuiltInImage.check(image, region: region) }
      } catch {
        throw UsageError("\(error)")
      }
      return image
    }
    guard !region.isEmpty else { return nil }
    do {
      return try BuiltInImage.path(
        repository: training.repository, version: training.version, region: region)
    } catch {
      throw UsageError("[AWS] region: \(error)")
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
    guard Self.isBucket(bucket) else {
      throw UsageError(
        "[AWS] s3_bucket_name: expected 3 to 63 small letters, digits, '.' and '-', the first and last "
          + "no sign, found '\(bucket)'")
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
      guard types.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw UsageError("[Jobs] instance_types: '\(parts[0])' is given twice; leave out one")
      }
    }
    let named = types.sorted { $0.key < $1.key }.map { ("instance_types", $0.value) }
    for (key, type) in named + [("instance_type", table.instanceType)] where !type.isEmpty {
      guard type.hasPrefix("ml."), type.split(separator: ".").count == 3 else {
        throw UsageError(
          "[Jobs] \(key): expected a machine of SageMaker, such as ml.m5.large, found '\(type)'")
      }
    }
    guard table.role.isEmpty || RequestOperation.isRole(table.role) else {
      throw UsageError(
        "[Jobs] role: expected arn:<partition>:iam::<account>:role/<name>, found '\(table.role)'")
    }
    guard !table.image.contains(where: { $0.isWhitespace || "${}".contains($0) }) else {
      throw UsageError("[Jobs] image: expected an image of a registry, found '\(table.image)'")
    }
    let prefix = try aws("s3_prefix").split(separator: "/").joined(separator: "/")
    // In a policy `*` and `?` stand for anything, in documents `${}` and quotes have a meaning.
    if let sign = prefix.first(where: { "*?${}'\"\\".contains($0) || $0.isNewline }) {
      throw UsageError(
        "[AWS] s3_prefix: '\(prefix)' holds '\(sign)', which has a meaning in policies and documents; "
          + "choose a prefix without")
    }
    let region = try aws("region")
    if !table.image.isEmpty, !region.isEmpty {
      do {
        try BuiltInImage.check(table.image, region: region)
      } catch {
        throw UsageError("[Jobs] image: \(error)")
      }
    }
    var settings = JobSettings(
      image: table.image.isEmpty ? nil : table.image,
      role: table.role.isEmpty ? nil : table.role, bucket: bucket, prefix: prefix,
      region: region, trainingImage: try trainingImage(region: region),
      instanceType: table.instanceType.isEmpty ? nil : table.instanceType, instanceTypes: types,
      volumeSize: table.volumeSize, longestSeconds: table.longestMinutes * 60)
    settings.name = try session.workshop.nameOnAWS(session.configuration)
    return settings
  }
}
