// What a report says, as values: nothing of stores, files or the engine.

/// One run as a page shows it.
public struct ReportPage: Sendable {
  public var workshop: String
  /// One line on what the workshop is.
  public var summary: String
  /// The run's id.
  public var run: String
  /// When the run began, as ISO 8601 in UTC.
  public var startedAt: String
  /// `ok`, `failed` or `cancelled`.
  public var outcome: String
  /// How long it took, in words.
  public var time: String
  /// The system and processor whose bytes these are, such as `linux-x86_64`.
  public var platform: String
  /// The run that changes are told against; nil for the first one.
  public var previous: Previous?
  public var pictures: [Picture] = []
  public var rules: [Rule] = []
  public var metrics: [MetricGroup] = []
  public var graph = StepGraph()
  public var settings: [SettingValue] = []
  public var artifacts: [ArtifactEntry] = []
  /// What the page leaves out, a sentence each.
  public var notes = Notes()

  public init(
    workshop: String, summary: String, run: String, startedAt: String, outcome: String,
    time: String, platform: String
  ) {
    self.workshop = workshop
    self.summary = summary
    self.run = run
    self.startedAt = startedAt
    self.outcome = outcome
    self.time = time
    self.platform = platform
  }

  /// An earlier run.
  public struct Previous: Sendable {
    public var run: String
    public var startedAt: String

    public init(run: String, startedAt: String) {
      self.run = run
      self.startedAt = startedAt
    }
  }

  /// What each section leaves out and why, a sentence each.
  public struct Notes: Sendable {
    public var pictures: [String] = []
    public var metrics: [String] = []
    public var graph: [String] = []
    public var settings: [String] = []
    public var artifacts: [String] = []

    public init() {}
  }
}

/// A picture that a step made.
public struct Picture: Sendable {
  /// What the bytes are.
  public enum Content: Sendable {
    /// A text that says it is SVG; it is looked at before it becomes a part of the page.
    case svg(String)
    /// Pixels of a media type that browsers show.
    case pixels([UInt8], mediaType: String)
  }

  /// `step.output`.
  public var name: String
  public var title: String
  /// What there is to see, for people who do not see it.
  public var text: String
  public var content: Content
  /// The specification from which the picture was drawn, as JSON.
  public var specification: [UInt8]?

  public init(
    name: String, title: String, text: String, content: Content, specification: [UInt8]? = nil
  ) {
    self.name = name
    self.title = title
    self.text = text
    self.content = content
    self.specification = specification
  }
}

/// A rule to copy, such as that of a segment.
public struct Rule: Sendable {
  /// The step that cut it.
  public var step: String
  public var title: String
  public var text: String
  /// Further facts: name and value.
  public var facts: [(name: String, value: String)]

  public init(step: String, title: String, text: String, facts: [(name: String, value: String)]) {
    self.step = step
    self.title = title
    self.text = text
    self.facts = facts
  }
}

/// The numbers of one output.
public struct MetricGroup: Sendable {
  /// `step.output`.
  public var name: String
  /// Few numbers are shown at once, many on demand.
  public var isShort: Bool
  public var metrics: [Metric]

  public init(name: String, isShort: Bool, metrics: [Metric]) {
    self.name = name
    self.isShort = isShort
    self.metrics = metrics
  }
}

/// One number, and what it was.
public struct Metric: Sendable {
  public var name: String
  public var value: String
  /// New less old, with sign; nil where nothing changed or there is no old value.
  public var difference: String?
  public var percent: String?
  /// The value of each of the last runs, oldest first and this one last; nil where a run lacks it.
  public var history: [Double?]

  public init(
    name: String, value: String, difference: String?, percent: String?, history: [Double?]
  ) {
    self.name = name
    self.value = value
    self.difference = difference
    self.percent = percent
    self.history = history
  }
}

/// How a step ended, in the order in which a box of several shows the worst.
public enum StepStatus: String, Sendable, CaseIterable {
  case failed, skipped, built, hit, delivered, unchanged, source, selected
  case notTaken = "not-taken"
  case unknown

  /// The status in words.
  public var words: String {
    switch self {
    case .failed: "failed"
    case .skipped: "skipped"
    case .built: "built"
    case .hit: "hit"
    case .delivered: "delivered"
    case .unchanged: "delivered before"
    case .source: "source"
    case .selected: "arm chosen"
    case .notTaken: "arm not taken"
    case .unknown: "not in this run"
    }
  }

  /// A sign that tells it from others without colour.
  var sign: String {
    switch self {
    case .failed: "\u{2715}"
    case .skipped: "\u{25CB}"
    case .built: "\u{25B2}"
    case .hit: "\u{2713}"
    case .delivered, .unchanged: "\u{2192}"
    case .source: "\u{25A0}"
    case .selected: "\u{25C7}"
    case .notTaken, .unknown: "\u{2013}"
    }
  }
}

/// One step of a run.
public struct StepEntry: Sendable {
  public var name: String
  public var status: StepStatus
  /// How long it took, in words; empty for what took no time of its own.
  public var time: String
  /// Why it ran, in words; nil for what did not run.
  public var cause: String?
  /// Fields that changed, `field: old -> new`.
  public var reasons: [String]
  /// A failure, the reason for a skip, or the place of a delivery.
  public var message: String?
  public var warnings: [String]
  /// The last lines that a failed step wrote.
  public var log: [String]
  /// Parameters as JSON, for what ran by a key.
  public var parameters: String?

  public init(name: String, status: StepStatus, time: String) {
    self.name = name
    self.status = status
    self.time = time
    reasons = []
    warnings = []
    log = []
  }
}

/// Steps that share a name up to a number, or one step.
public struct StepGroup: Sendable {
  /// The name; of several `week4.trial.*`.
  public var name: String
  public var stage: String
  /// How long its steps took together, in words.
  public var time: String
  public var steps: [StepEntry]

  public init(name: String, stage: String, time: String, steps: [StepEntry]) {
    self.name = name
    self.stage = stage
    self.time = time
    self.steps = steps
  }

  /// How many of its steps ended how, the worst first.
  public var counts: [(status: StepStatus, count: Int)] {
    StepStatus.allCases.compactMap { status in
      let count = steps.count { $0.status == status }
      return count == 0 ? nil : (status, count)
    }
  }

  /// The worst way in which a step ended.
  public var status: StepStatus { counts.first?.status ?? .unknown }
}

/// Groups of steps in an order in which work can be done, and wires between them.
public struct StepGraph: Sendable {
  public struct Wire: Hashable, Sendable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  public var groups: [StepGroup] = []
  /// Stages: name and one line each.
  public var stages: [(name: String, summary: String)] = []
  /// Each leads from an earlier group to a later one.
  public var wires: [Wire] = []

  public init() {}
}

/// A configuration value of the run.
public struct SettingValue: Sendable {
  /// `Section.key`.
  public var name: String
  public var value: String
  /// The layer that it came from.
  public var origin: String

  public init(name: String, value: String, origin: String) {
    self.name = name
    self.value = value
    self.origin = origin
  }
}

/// An output of a step, or the same output of numbered steps.
public struct ArtifactEntry: Sendable {
  /// One artifact of the entry.
  public struct Member: Sendable {
    /// `step.output`.
    public var name: String
    public var digest: String
    /// Such as `3.4 MB`.
    public var size: String

    public init(name: String, digest: String, size: String) {
      self.name = name
      self.digest = digest
      self.size = size
    }
  }

  /// The beginning of an artifact.
  public enum Preview: Sendable {
    case table(columns: [String], rows: [[String]])
    case text(String)
    /// Paths and sizes of a folder's files.
    case files([(path: String, size: String)])
    case none
  }

  public var name: String
  public var mediaType: String
  /// The size of all members together.
  public var size: String
  public var members: [Member]
  /// Rows over all members, and columns; nil for what is no table.
  public var rows: Int?
  public var columns: Int?
  /// The beginning of the first member.
  public var preview: Preview
  /// What the preview leaves out, or why there is none.
  public var note: String?

  public init(
    name: String, mediaType: String, size: String, members: [Member], rows: Int? = nil,
    columns: Int? = nil,
    preview: Preview = .none, note: String? = nil
  ) {
    self.name = name
    self.mediaType = mediaType
    self.size = size
    self.members = members
    self.rows = rows
    self.columns = columns
    self.preview = preview
    self.note = note
  }
}
