// Weeks 1 to 5 of the Cloud ML Ecosystem workshop, read top to bottom.
import Atelier
import AtelierStep
import Featurize
import PropensityFormats
import Query
import Segment
import Train
import Transfer

/// The propensity workshop: who is likely to subscribe, and whom to tell the platform about.
public enum PropensityWorkshop: Workshop {
  public static let name = "propensity"
  public static let folder = "Propensity"
  public static let summary = "subscription propensity: query, featurize, transfer, train, segment"
  public static let stages = [
    Stage("week1", aliases: ["query"], "simulate or import events, and explore them with SQL"),
    Stage("week2", aliases: ["featurize"], "labels and features of every user"),
    Stage("week3", aliases: ["transfer"], "deliver the features to the bucket"),
    Stage("week4", aliases: ["train"], "train, tune, register and score"),
    Stage("week5", aliases: ["segment"], "cut the segment that goes back to the platform"),
    Stage("figures", aliases: ["pictures"], "draw the notebooks' pictures as SVG"),
  ]

  public static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {
    let (batches, explored) = try week1(&p, settings)
    let parts = try week2(&p, settings, batches)
    let delivered = try week3(&p, settings, parts)
    let (scores, trained) = try week4(&p, settings, delivered)
    let segmented = try week5(&p, settings, scores)
    try figures(&p, settings, explored, trained, segmented)
  }

  /// Query: events in snapshot batches, and what the notebook looks at in them.
  private static func week1(
    _ p: inout PipelineBuilder, _ settings: Settings
  ) throws -> (EventBatches, ExploredTables) {
    let tenant = try settings.string("Atelier", "tenant")
    let seed = try settings.integer("Atelier", "seed", in: 0...Int(Int32.max))
    let batches = try EventSource(settings).wire(&p)
    let events = batches.events
    try p.add("week1.statistics", CountStatistics(events: events, tenant: tenant))
    try p.add("week1.samples", SampleEvents(events: events, tenant: tenant, seed: seed))
    try p.add("week1.sampling", SampleEstimate(events: events, seed: seed))
    let funnel = try p.add("week1.funnel", EventFunnel(events: events, tenant: tenant))
    let cooccurrence = try p.add(
      "week1.cooccurrence", EventCooccurrence(events: events, tenant: tenant))
    let correlation = try p.add(
      "week1.correlation", SubscriptionCorrelation(events: events, tenant: tenant))
    return (
      batches,
      ExploredTables(
        funnel: funnel.table, cooccurrence: cooccurrence.table, correlation: correlation.table)
    )
  }

  /// Featurize: one step a batch, so that one more batch leaves the others alone.
  private static func week2(
    _ p: inout PipelineBuilder, _ settings: Settings, _ batches: EventBatches
  ) throws -> [Artifact<FeatureTable>] {
    let tenant = try settings.string("Atelier", "tenant")
    let seed = try settings.integer("Atelier", "seed", in: 0...Int(Int32.max))
    if let checked = batches.checked {
      return try recurring(&p, settings, batches.events, checked)
    }
    return try batches.events.enumerated().map { batch, events in
      try p.add(
        "week2.features.\(batch)", FeaturizeBatch(events: events, seed: seed, tenant: tenant)
      ).part
    }
  }

  /// Features of real events: users may recur in any batch.
  ///
  /// Those who do are featurized by buckets over
  /// all batches, the others with their own batch.
  private static func recurring(
    _ p: inout PipelineBuilder, _ settings: Settings, _ events: [Artifact<EventTable>],
    _ checked: Artifact<RepeatedEvents>
  ) throws -> [Artifact<FeatureTable>] {
    let tenant = try settings.string("Atelier", "tenant")
    let seed = try settings.integer("Atelier", "seed", in: 0...Int(Int32.max))
    let buckets = try settings.integer("Atelier", "user_buckets", in: 1...10_000)
    let partials = try events.enumerated().map { batch, events in
      try p.add(
        "week2.partial.\(batch)",
        PartitionEvents(events: events, tenant: tenant, buckets: buckets)
      ).partial
    }
    let users = try p.add(
      "week2.recurring",
      FindRecurringUsers(partials: partials, checked: checked, tenant: tenant)
    ).users
    let own = try partials.enumerated().map { batch, partial in
      try p.add(
        "week2.features.\(batch)",
        FeaturizeUsers(partials: [partial], recurring: users, seed: seed, tenant: tenant)
      ).part
    }
    let shared = try (0..<buckets).map { bucket in
      try p.add(
        "week2.bucket.\(bucket)",
        FeaturizeUsers(
          partials: partials, recurring: users, bucket: bucket, seed: seed, tenant: tenant)
      ).part
    }
    return own + shared
  }

  /// Transfer: the features in the bucket, in the configured format.
  private static func week3(
    _ p: inout PipelineBuilder, _ settings: Settings, _ parts: [Artifact<FeatureTable>]
  ) throws -> Artifact<FeatureExport> {
    let format = try settings.string("Cloud", "data_format")
    let compression = try settings.string("Cloud", "compression_type")
    try ExportFeatures.validate(dataFormat: format, compression: compression)
    let export = try p.add(
      "week3.export",
      ExportFeatures(parts: parts, dataFormat: format, compression: compression))
    return try p.deliver(
      "week3.delivery", export.export,
      to: Destination(settings).publication(
        try settings.string("Platform", "featurized_dataset_id").nonEmpty ?? "cmle-featurized"))
  }

  /// Train and score: on what week 3 delivered, not on week 2's local result.
  private static func week4(
    _ p: inout PipelineBuilder, _ settings: Settings, _ delivered: Artifact<FeatureExport>
  ) throws -> (Artifact<Scores>, TrainedTables) {
    let seed = try settings.integer("Atelier", "seed", in: 0...Int(Int32.max))
    let trials = try settings.integer("Atelier", "trials", in: 1...100_000)
    let format = try settings.string("Cloud", "data_format")
    let training = try p.add(
      "week4.training", PrepareTraining(export: delivered, dataFormat: format, seed: seed))
    let baseline = try p.add("week4.baseline", TrainBaseline(data: training.data, seed: seed))
    let runs = try (0..<trials).map { number in
      try p.add("week4.trial.\(number)", Trial(data: training.data, number: number, seed: seed))
    }
    let best = try p.add(
      "week4.model",
      SelectModel(
        baseline: baseline.result, trials: runs.map(\.result), models: runs.map(\.model),
        modelName: try settings.string("Cloud", "model_name")))
    let measured = try p.add(
      "week4.metrics",
      EvaluateModel(data: training.data, model: best.model, baseline: baseline.result))
    let scores = try p.add(
      "week4.scores", ScoreUsers(export: delivered, model: best.model, dataFormat: format))
    let published = try p.deliver(
      "week4.delivery", scores.scores,
      to: Destination(settings).ingress(
        try settings.string("Platform", "scoring_dataset_id").nonEmpty ?? "cmle-scores",
        fileName: "part-00000.csv"))
    return (
      published,
      TrainedTables(
        trials: runs.map(\.result), version: best.version, metrics: measured.metrics,
        roc: measured.roc)
    )
  }

  /// Segment: the topology of the scores, and the users within an interval of it.
  private static func week5(
    _ p: inout PipelineBuilder, _ settings: Settings, _ scores: Artifact<Scores>
  ) throws -> SegmentedTables {
    let from = try settings.double("Segment", "from")
    let to = try settings.double("Segment", "to")
    try CutSegment.validate(from: from, to: to)
    let histogram = try p.add("week5.histogram", ScoreHistogram(scores: scores))
    let reach = try p.add("week5.reach", ReachCurves(scores: scores))
    let matrix = try p.add("week5.topology", ReachMatrix(scores: scores))
    let members = try p.add("week5.members", ListMembers(scores: scores, from: from, to: to))
    let segment = try p.add(
      "week5.segment",
      CutSegment(
        members: members.members, topology: matrix.topology, from: from, to: to,
        tenant: try settings.string("Atelier", "tenant")))
    let place = Destination(settings)
    try p.deliver(
      "week5.members-delivery", members.members,
      to: place.ingress("cmle-segment-members", fileName: "part-00000.csv"))
    try p.deliver(
      "week5.segment-delivery", segment.definition,
      to: place.ingress("cmle-segment", fileName: "segment.json"))
    return SegmentedTables(
      histogram: histogram.histogram, reach: reach.curve, topology: matrix.topology,
      segment: segment.segment)
  }
}

/// Where deliveries go, by the workshop's own configuration keys.
private struct Destination {
  let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func publication(_ dataset: String, fileName: String = "part-00000") throws -> Publication {
    Publication(
      bucket: try settings.string("AWS", "s3_bucket_name"),
      prefix: try settings.string("AWS", "s3_prefix").withoutSlashes, dataset: dataset,
      fileName: fileName)
  }

  /// A place below `import_path`, from which the platform takes data in.
  func ingress(_ dataset: String, fileName: String) throws -> Publication {
    let folder = try settings.string("Cloud", "import_path").withoutSlashes
    return try publication(
      folder.isEmpty ? dataset : "\(folder)/\(dataset)", fileName: fileName)
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }

  fileprivate var withoutSlashes: String {
    var text = Substring(self)
    while text.first == "/" { text.removeFirst() }
    while text.last == "/" { text.removeLast() }
    return String(text)
  }
}
