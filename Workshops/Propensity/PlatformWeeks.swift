// The parts of the weeks that the live platform does, with `[Platform] backend = aep`.
import Atelier
import AtelierStep
import Featurize
import Platform
import PlatformQueries
import PlatformQuery
import PropensityFormats

/// Events, features and the segment on the platform; what comes back are the artifacts of a local run.
struct PlatformWeeks {
  private let settings: PropensitySettings
  private let place: PlatformPlace

  private var notebook: NotebookSettings { settings.notebook }

  /// Throws where the settings name no organisation.
  init(_ settings: PropensitySettings) throws {
    self.settings = settings
    guard let organisation = settings.notebook.organisation else {
      throw settings.notebook.$organisation.error(
        "backend = aep needs the id of your organisation, which ends in @AdobeOrg")
    }
    place = PlatformPlace(
      organisation: organisation, sandbox: settings.notebook.sandbox,
      environment: settings.notebook.environment)
  }

  /// The events on the platform.
  struct Events {
    let versions: [Artifact<Remote<EventTable>>]
    /// Whether a user may have events in several batches.
    let mayRecur: Bool
  }

  // MARK: - Week 1

  /// Loads local batches, a step each; `mayRecur` says whether users may be in several.
  func load(
    _ p: inout PipelineBuilder, _ batches: EventBatches
  ) throws -> Events {
    guard let dataset = notebook.dataset else {
      throw notebook.$dataset.error(
        "backend = aep needs a data set for the events; make one: atelier aep deploy")
    }
    let versions = batches.events.enumerated().map { batch, events in
      p.add(
        "week1.load.\(batch)",
        LoadEvents(
          events: events, place: place, dataset: dataset, tenant: settings.tenant)
      ).version
    }
    return Events(versions: versions, mayRecur: batches.checked != nil)
  }

  /// The batches that a data set has already, each observed by itself.
  func observe(_ p: inout PipelineBuilder, _ url: String) throws -> Events {
    guard settings.duplicates == .refuse else {
      throw settings.$duplicates.error(
        "'drop' works on files of this machine only, not on a data set that is observed with backend = aep; "
          + "leave it at refuse: repeated _ids are then counted as they are")
    }
    let folder = url.hasSuffix("/") ? url : url + "/"
    let names = try p.names(inFolder: folder).filter { $0.hasSuffix("/") }
    guard !names.isEmpty else {
      throw settings.$events.error("the data set \(url) has no batch that succeeded")
    }
    let versions = names.enumerated().map { batch, name in
      p.source(
        "week1.batch.\(batch)", path: "\(folder)\(name)_version", as: Remote<EventTable>.self)
    }
    return Events(versions: versions, mayRecur: true)
  }

  /// What the notebook looks at, asked of the platform and finished here.
  func explore(_ p: inout PipelineBuilder, _ events: Events) throws -> ExploredTables {
    let selection = try EventSelection.placeholder(tenant: settings.tenant)
    func table<Format: ArtifactFormat>(
      _ exploration: Exploration, as format: Format.Type
    ) -> Artifact<Format> {
      let asked = p.add(
        "week1.ask-\(exploration.name)",
        AskPlatform(
          versions: events.versions, question: exploration.name, text: exploration.query,
          columns: exploration.columns.map(\.name)))
      return p.add(
        "week1.\(exploration.name)",
        FinishAnswer<Format>(
          answer: asked.answer, relation: exploration.relation(of: "getvariable('answer')"),
          finish: exploration.finish)
      ).table
    }
    _ = table(.statistics(selection), as: Statistics.self)
    _ = table(try .samples(selection, seed: settings.seed, count: 10), as: SampleRows.self)
    _ = table(try .sampling(selection, seed: settings.seed, percent: 5), as: Sampling.self)
    return ExploredTables(
      funnel: table(.funnel(selection), as: Funnel.self),
      cooccurrence: table(.cooccurrence(selection), as: Cooccurrence.self),
      correlation: table(.correlation(selection), as: Correlation.self))
  }

  // MARK: - Week 2

  /// The features: made there, brought here, and typed as a local run has them.
  func features(
    _ p: inout PipelineBuilder, _ name: String, _ rows: RowRule, _ events: Events
  ) throws -> [Artifact<FeatureTable>] {
    var newest: [Artifact<PlatformAnswer>] = []
    if case .forecast = rows {
      let query = try FeatureQuery(
        .placeholder(tenant: settings.tenant), seed: settings.seed, rows: rows)
      newest.append(
        p.add(
          "week2.newest",
          AskPlatform(
            versions: events.versions, question: "newest", text: query.newest,
            columns: ["newest"])
        ).answer)
    }
    // Users of one batch only need no other; those who may recur are cut over all batches.
    let parts: [(versions: [Artifact<Remote<EventTable>>], bucket: Int, buckets: Int)] =
      events.mayRecur
      ? (0..<settings.userBuckets).map { (events.versions, $0, settings.userBuckets) }
      : events.versions.map { ([$0], 0, 1) }
    return parts.enumerated().map { number, part in
      let made = p.add(
        "week2.\(name)-table.\(number)",
        FeaturizeRemote(
          versions: part.versions, bucket: part.bucket, buckets: part.buckets,
          seed: settings.seed, tenant: settings.tenant, rows: rows, newest: newest))
      return p.add(
        "week2.\(name).\(number)",
        ShapeFeatures(files: bring(&p, "week2.\(name)-files.\(number)", made.table))
      ).part
    }
  }

  private func bring(
    _ p: inout PipelineBuilder, _ name: String, _ table: Artifact<Remote<FeatureTable>>
  ) -> Artifact<Brought<FeatureTable>> {
    switch notebook.transfer {
    case .access: p.add(name, BringFeatures(version: table)).files
    case .flow:
      p.add(
        name,
        ExportByFlow(
          version: table, bucket: notebook.bucket.bucket, prefix: notebook.bucket.prefix.text)
      ).files
    }
  }

  // MARK: - Weeks 4 and 5

  /// The scores on the platform; nil where they stay here.
  func load(
    _ p: inout PipelineBuilder, _ scores: Artifact<Scores>
  ) throws -> Artifact<Remote<Scores>>? {
    guard let way = notebook.scoreWay.way else { return nil }
    guard let dataset = notebook.scoring else {
      throw notebook.$scoring.error(
        "backend = aep needs a data set for the scores; make one: atelier aep deploy (or set [Platform] "
          + "scores = none)")
    }
    let shaped = p.add(
      "week4.records", ShapeScores(scores: scores, way: way, tenant: settings.tenant))
    return p.add(
      "week4.load",
      LoadScores(
        records: shaped.records, place: place, dataset: dataset, way: way,
        tenant: settings.tenant, bucket: notebook.bucket.bucket,
        prefix: notebook.bucket.prefix.text)
    ).version
  }

  /// Evaluates the segment there; fails unless its reach is ours.
  func evaluate(
    _ p: inout PipelineBuilder, _ version: Artifact<Remote<Scores>>, _ scores: Artifact<Scores>,
    definition: Artifact<SegmentDefinition>, segment: Artifact<PropensityFormats.Segment>
  ) {
    p.add(
      "week5.evaluation",
      EvaluateSegment(
        version: version, scores: scores, definition: definition, segment: segment, place: place,
        tenant: settings.tenant))
  }
}
