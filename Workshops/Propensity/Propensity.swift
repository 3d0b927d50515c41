// Weeks 1 to 5 of the Cloud ML Ecosystem workshop, read top to bottom.
import Atelier
import AtelierStep
import Featurize
import LearningFormats
import PropensityFormats
import Query
import ScriptSteps
import Segment
import Train
import Transfer

/// The propensity workshop: who is likely to subscribe, and whom to tell the platform about.
public enum PropensityWorkshop: Workshop {
  public static let name = "propensity"
  public static let folder = "Propensity"
  public static let summary = "subscription propensity: query, featurize, transfer, train, segment"
  public static let caution: String? =
    "AUC 0.975 on users never used, by the notebooks' row rule; 0.78 with what is known an hour "
    + "before; 0.62 to 0.71 for the next one or two weeks."
  public static let stages = [
    Stage("week1", aliases: ["query"], "simulate or import events, and explore them with SQL"),
    Stage("week2", aliases: ["featurize"], "labels and features of every user"),
    Stage("week3", aliases: ["transfer"], "deliver the features to the bucket"),
    Stage("week4", aliases: ["train"], "train, tune, register and score"),
    Stage("week5", aliases: ["segment"], "cut the segment that goes back to the platform"),
    Stage("figures", aliases: ["pictures"], "draw the notebooks' pictures as SVG"),
  ]

  public static func wire(_ p: inout PipelineBuilder, _ settings: PropensitySettings) throws {
    let platform = settings.notebook.backend == .aep ? try PlatformWeeks(settings) : nil
    let explored: ExploredTables
    let parts: Rows<[Artifact<FeatureTable>]>
    if let platform {
      let events = try events(&p, settings, on: platform)
      explored = try platform.explore(&p, events)
      parts = Rows(
        learnt: try platform.features(&p, "features", settings.rows, events),
        scored: settings.leavesOutSubscribers
          ? try platform.features(&p, "latest", .latest, events) : nil)
    } else {
      let (batches, tables) = try week1(&p, settings)
      explored = tables
      parts = week2(&p, settings, batches)
    }
    let delivered = try week3(&p, settings, parts)
    let (scored, trained) = try week4(&p, settings, delivered)
    let loaded = try platform?.load(&p, scored.scores)
    let segmented = try week5(&p, settings, scored)
    if let loaded {
      platform?.evaluate(
        &p, loaded, scored.scores, definition: segmented.definition, segment: segmented.segment)
    }
    try figures(&p, settings, explored, trained, segmented)
  }

  /// The events on the platform: simulated or imported ones are loaded, and others are there.
  private static func events(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, on platform: PlatformWeeks
  ) throws -> PlatformWeeks.Events {
    if settings.events.hasPrefix("aep://") { return try platform.observe(&p, settings.events) }
    return try platform.load(&p, EventSource(settings).wire(&p))
  }

  /// Query: events in snapshot batches, and what the notebook looks at in them.
  private static func week1(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings
  ) throws -> (EventBatches, ExploredTables) {
    let (tenant, seed) = (settings.tenant, settings.seed)
    let batches = try EventSource(settings).wire(&p)
    let events = batches.events
    let explored = p.stage("week1") { week1 in
      let input: [String: any ScriptInput] = ["events": events]
      week1.sql(
        "statistics", "statistics.sql", input, parameters: ["tenant": tenant], as: Statistics.self)
      week1.sql(
        "samples", "samples.sql", input, parameters: ["tenant": tenant, "seed": seed, "count": 10],
        as: SampleRows.self, orderedBy: ["_id"])
      week1.sql(
        "sampling", "sampling.sql", input, parameters: ["seed": seed, "percent": 5],
        as: Sampling.self)
      return ExploredTables(
        funnel: week1.sql(
          "funnel", "funnel.sql", input, parameters: ["tenant": tenant],
          orderedBy: ["distinctUsers desc", "eventType"]),
        cooccurrence: week1.sql(
          "cooccurrence", "cooccurrence.sql", input, parameters: ["tenant": tenant],
          orderedBy: ["eventTypeFirst", "eventTypeLater"]),
        correlation: week1.sql(
          "correlation", "correlation.sql", input, parameters: ["tenant": tenant],
          orderedBy: ["eventType"]))
    }
    return (batches, explored)
  }

  /// The features, and where other rows than those that are learnt from get a score, theirs.
  private struct Rows<Item> {
    let learnt: Item
    let scored: Item?
  }

  /// Featurize: one step a batch, so that one more batch leaves the others alone.
  private static func week2(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, _ batches: EventBatches
  ) -> Rows<[Artifact<FeatureTable>]> {
    let (tenant, seed) = (settings.tenant, settings.seed)
    var newest: [Artifact<NewestEventTime>] = []
    if case .forecast = settings.rows {
      newest.append(
        p.add(
          "week2.newest", FindNewestEvent(events: batches.events, tenant: tenant)
        ).newest)
    }
    let users = batches.checked.map {
      recurring(&p, settings, batches.events, $0, newest)
    }
    func features(_ name: String, _ rows: RowRule) -> [Artifact<FeatureTable>] {
      if let users { return users.features(&p, name, rows) }
      return batches.events.enumerated().map { batch, events in
        p.add(
          "week2.\(name).\(batch)",
          FeaturizeBatch(events: events, seed: seed, tenant: tenant, rows: rows, newest: newest)
        ).part
      }
    }
    return Rows(
      learnt: features("features", settings.rows),
      scored: settings.leavesOutSubscribers ? features("latest", .latest) : nil)
  }

  /// Real events, whose users may recur in any batch: sorted by user and bucket, and who recurs.
  private static func recurring(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, _ events: [Artifact<EventTable>],
    _ checked: Artifact<RepeatedEvents>, _ newest: [Artifact<NewestEventTime>]
  ) -> RecurringFeatures {
    let (tenant, buckets) = (settings.tenant, settings.userBuckets)
    let partials = events.enumerated().map { batch, events in
      p.add(
        "week2.partial.\(batch)",
        PartitionEvents(events: events, tenant: tenant, buckets: buckets)
      ).partial
    }
    let users = p.add(
      "week2.recurring",
      FindRecurringUsers(partials: partials, checked: checked, tenant: tenant)
    ).users
    return RecurringFeatures(
      partials: partials, users: users, newest: newest, buckets: buckets, tenant: tenant,
      seed: settings.seed)
  }

  /// Transfer: the features in the bucket, in the configured format.
  private static func week3(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings,
    _ parts: Rows<[Artifact<FeatureTable>]>
  ) throws -> Rows<Artifact<FeatureExport>> {
    let (format, compression) = (settings.notebook.dataFormat, settings.notebook.compression)
    try ExportFeatures.validate(dataFormat: format, compression: compression)
    let dataset = settings.notebook.featurizedDataset
    func deliver(
      _ parts: [Artifact<FeatureTable>], _ names: (String, String), to dataset: String
    ) -> Artifact<FeatureExport> {
      let export = p.add(
        names.0, ExportFeatures(parts: parts, dataFormat: format, compression: compression))
      return p.deliver(
        names.1, export.export, to: settings.notebook.bucket.place(dataset, "part-00000"))
    }
    return Rows(
      learnt: deliver(parts.learnt, ("week3.export", "week3.delivery"), to: dataset),
      scored: parts.scored.map {
        deliver($0, ("week3.latest", "week3.latest-delivery"), to: dataset + "-latest")
      })
  }

  /// What week 5 cuts segments from.
  private struct Scored {
    let scores: Artifact<Scores>
    let subscribers: Artifact<Subscribers>
  }

  /// Train and score: on what week 3 delivered, not on week 2's local result.
  private static func week4(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings,
    _ delivered: Rows<Artifact<FeatureExport>>
  ) throws -> (Scored, TrainedTables) {
    let (seed, format) = (settings.seed, settings.notebook.dataFormat)
    let features = Feature.propensity.map(\.name)
    let training = p.add(
      "week4.training",
      PrepareTraining(
        export: delivered.learnt, dataFormat: format, features: features, seed: seed))
    let baseline = p.add("week4.baseline", TrainBaseline(data: training.data, seed: seed))
    let search = try ModelSearch(&p, settings, data: training.data, baseline: baseline.result)
    let best = search.best
    let measured = p.add(
      "week4.metrics",
      EvaluateModel(data: training.data, model: best.model, baseline: baseline.model))
    let explained = p.add(
      "week4.importances", ExplainModel(data: training.data, model: best.model))
    p.keyNumber(
      "AUC", in: measured.metrics, .column("auc"), better: .higher,
      beside: .init("baseline", .column("baselineAuc")))
    p.keyNumber(
      "accuracy", in: measured.metrics, .column("accuracy"), unit: .share, better: .higher,
      beside: .init("baseline", .column("baselineAccuracy")))
    let export = delivered.scored ?? delivered.learnt
    let scores = p.add(
      "week4.scores",
      ScoreUsers(
        export: export, model: best.model, dataFormat: format, features: features,
        leavesOutSubscribers: settings.leavesOutSubscribers))
    p.add(
      "week4.drift",
      MeasureDrift(export: export, scores: scores.scores, dataFormat: format, features: features))
    if settings.sklearnCalibration {
      calibration(&p, export, scores.scores)
    }
    let published = p.deliver(
      "week4.delivery", scores.scores,
      to: settings.notebook.ingress(
        settings.notebook.scoringDataset, fileName: "part-00000.csv"))
    return (
      Scored(scores: published, subscribers: scores.subscribers),
      TrainedTables(
        search: search, evaluation: measured, importances: explained.importances)
    )
  }

  /// The calibration of all scores by scikit-learn: a Python file with packages of its own.
  private static func calibration(
    _ p: inout PipelineBuilder, _ features: Artifact<FeatureExport>, _ scores: Artifact<Scores>
  ) {
    p.stage("week4") { week4 in
      let users = week4.sql(
        "labelled", "labelled.sql", ["features": features, "scores": scores], as: CSVTable.self,
        orderedBy: ["userId"])
      week4.python(
        "sklearn", "calibration.py", ["users": users], parameters: ["bins": 10],
        environment: "sklearn.lock", outputs: ScriptOutput("curve", as: CSVTable.self),
        ScriptOutput("brier", as: BrierScore.self))
    }
  }

  /// Segment: the topology of the scores, and the users within an interval of it.
  private static func week5(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, _ scored: Scored
  ) throws -> SegmentedTables {
    let scores = scored.scores
    let (from, to) = (settings.lowest, settings.highest)
    try CutSegment.validate(from: from, to: to)
    let histogram = p.add("week5.histogram", ScoreHistogram(scores: scores))
    let reach = p.add("week5.reach", ReachCurves(scores: scores))
    let matrix = p.add("week5.topology", ReachMatrix(scores: scores))
    let members = p.add("week5.members", ListMembers(scores: scores, from: from, to: to))
    let segment = p.add(
      "week5.segment",
      CutSegment(
        members: members.members, topology: matrix.topology, subscribers: scored.subscribers,
        from: from, to: to, tenant: settings.tenant))
    p.keyNumber(
      "reach", in: segment.segment, .column("reach"), unit: .named("people"), better: .neither)
    p.deliver(
      "week5.members-delivery", members.members,
      to: settings.notebook.ingress("cmle-segment-members", fileName: "part-00000.csv"))
    p.deliver(
      "week5.segment-delivery", segment.definition,
      to: settings.notebook.ingress("cmle-segment", fileName: "segment.json"))
    return SegmentedTables(
      histogram: histogram.histogram, reach: reach.curve, topology: matrix.topology,
      segment: segment.segment, definition: segment.definition)
  }
}

/// brier, users: how far the scores of so many users are from what happened.
private enum BrierScore: JSONFormat {}
