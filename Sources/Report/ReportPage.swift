// What a report says, as values: nothing of stores, files or the engine.

/// One run as a page shows it.
package struct ReportPage: Sendable {
  package var workshop: String
  /// One line on what the workshop is.
  package var summary: String
  /// What the numbers have to be read with; nil: nothing.
  package var caution: String?
  /// The run's id.
  package var run: String
  /// When the run began, as ISO 8601 in UTC.
  package var startedAt: String
  /// `ok`, `failed` or `cancelled`.
  package var outcome: String
  /// How long it took, in words.
  package var time: String
  /// The system and processor whose bytes these are, such as `linux-x86_64`.
  package var platform: String
  /// The run that changes are told against; nil for the first one.
  package var previous: Previous?
  package var decisions: [ShownDecision] = []
  package var keyNumbers: [KeyCard] = []
  /// The settings that are not what they were in the run before.
  package var changes: [ShownChange] = []
  /// What else changed before the run, such as code or a source: a line each.
  package var causes: [String] = []
  package var pictures: [Picture] = []
  package var rules: [Rule] = []
  package var metrics: [MetricGroup] = []
  package var graph = StepGraph()
  package var settings: [ShownSetting] = []
  package var artifacts: [ArtifactEntry] = []
  /// What the page leaves out, a sentence each.
  package var notes = Notes()

  package init(
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
  package struct Previous: Sendable {
    package var run: String
    package var startedAt: String

    package init(run: String, startedAt: String) {
      self.run = run
      self.startedAt = startedAt
    }
  }

  /// What each section leaves out and why, a sentence each.
  package struct Notes: Sendable {
    package var pictures: [String] = []
    package var metrics: [String] = []
    package var graph: [String] = []
    package var settings: [String] = []
    package var artifacts: [String] = []

    package init() {}
  }
}

/// A picture that a step made.
package struct Picture: Sendable {
  /// What the bytes are.
  package enum Content: Sendable {
    /// A text that says it is SVG; it is looked at before it becomes a part of the page.
    case svg(String)
    /// Pixels of a media type that browsers show.
    case pixels([UInt8], mediaType: String)
  }

  /// `step.output`.
  package var name: String
  package var title: String
  /// What there is to see, for people who do not see it.
  package var text: String
  package var content: Content
  /// The specification from which the picture was drawn, as JSON.
  package var specification: [UInt8]?

  package init(
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
package struct Rule: Sendable {
  /// The step that cut it.
  package var step: String
  package var title: String
  package var text: String
  /// Further facts: name and value.
  package var facts: [(name: String, value: String)]
  /// The rules of other intervals; nil where no output tells their reach.
  package var grid: IntervalGrid?

  package init(step: String, title: String, text: String, facts: [(name: String, value: String)]) {
    self.step = step
    self.title = title
    self.text = text
    self.facts = facts
  }
}

/// The numbers of one output.
package struct MetricGroup: Sendable {
  /// `step.output`.
  package var name: String
  /// Few numbers are shown at once, many on demand.
  package var isShort: Bool
  package var metrics: [Metric]

  package init(name: String, isShort: Bool, metrics: [Metric]) {
    self.name = name
    self.isShort = isShort
    self.metrics = metrics
  }
}

/// One number, and what it was.
package struct Metric: Sendable {
  package var name: String
  package var value: String
  /// New less old, with sign; nil where nothing changed or there is no old value.
  package var difference: String?
  package var percent: String?
  /// The value of each of the last runs, oldest first and this one last; nil where a run lacks it.
  package var history: [Double?]

  package init(
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
package enum StepStatus: String, Sendable, CaseIterable {
  case failed, skipped, built, hit, delivered, unchanged, source, selected
  case notTaken = "not-taken"
  case unknown

  /// The status in words.
  package var words: String {
    switch self {
    case .failed: "failed"
    case .skipped: "not run"
    case .built: "ran"
    case .hit: "cached"
    case .delivered: "delivered"
    case .unchanged: "delivered before"
    case .source: "source"
    case .selected: "branch chosen"
    case .notTaken: "branch not taken"
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
package struct StepEntry: Sendable {
  package var name: String
  package var status: StepStatus
  /// How long it took, in words; empty for what took no time of its own.
  package var time: String
  /// Why it ran, in words; nil for what did not run.
  package var cause: String?
  /// What the changes come down to: settings, the steps that it follows, or the fields themselves.
  package var reasons: [String]
  /// Every field that changed, `field: old -> new`, where `reasons` say less.
  package var fields: [String]
  /// A failure, the reason for a skip, or the place of a delivery.
  package var message: String?
  package var warnings: [String]
  /// The last lines that a failed step wrote.
  package var log: [String]
  /// Parameters as JSON, for what ran by a key.
  package var parameters: String?

  package init(name: String, status: StepStatus, time: String) {
    self.name = name
    self.status = status
    self.time = time
    reasons = []
    fields = []
    warnings = []
    log = []
  }
}

/// Steps that share a name up to a number, or one step.
package struct StepGroup: Sendable {
  /// The name; of several `week4.trial.*`.
  package var name: String
  package var stage: String
  /// How long its steps took together, in words.
  package var time: String
  package var steps: [StepEntry]

  package init(name: String, stage: String, time: String, steps: [StepEntry]) {
    self.name = name
    self.stage = stage
    self.time = time
    self.steps = steps
  }

  /// How many of its steps ended how, the worst first.
  package var counts: [(status: StepStatus, count: Int)] {
    StepStatus.allCases.compactMap { status in
      let count = steps.count { $0.status == status }
      return count == 0 ? nil : (status, count)
    }
  }

  /// The worst way in which a step ended.
  package var status: StepStatus { counts.first?.status ?? .unknown }
}

/// Groups of steps in an order in which work can be done, and wires between them.
package struct StepGraph: Sendable {
  package struct Wire: Hashable, Sendable {
    package var from: Int
    package var to: Int

    package init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  package var groups: [StepGroup] = []
  /// Stages: name and one line each.
  package var stages: [(name: String, summary: String)] = []
  /// Each leads from an earlier group to a later one.
  package var wires: [Wire] = []

  package init() {}
}

/// A configuration value of the run.
package struct ShownSetting: Sendable {
  /// `Section.key`.
  package var name: String
  package var value: String
  /// The layer that it came from.
  package var origin: String

  package init(name: String, value: String, origin: String) {
    self.name = name
    self.value = value
    self.origin = origin
  }
}

/// An output of a step, or the same output of numbered steps.
package struct ArtifactEntry: Sendable {
  /// One artifact of the entry.
  package struct Member: Sendable {
    /// `step.output`.
    package var name: String
    package var digest: String
    /// Such as `3.4 MB`.
    package var size: String

    package init(name: String, digest: String, size: String) {
      self.name = name
      self.digest = digest
      self.size = size
    }
  }

  /// The beginning of an artifact.
  package enum Preview: Sendable {
    case table(columns: [String], rows: [[String]])
    case text(String)
    /// Paths and sizes of a folder's files.
    case files([(path: String, size: String)])
    case none
  }

  package var name: String
  package var mediaType: String
  /// The size of all members together.
  package var size: String
  package var members: [Member]
  /// Whether the run made one of them anew.
  package var isNew = true
  /// Rows over all members, and columns; nil for what is no table.
  package var rows: Int?
  package var columns: Int?
  /// The beginning of the first member.
  package var preview: Preview
  /// What the preview leaves out, or why there is none.
  package var note: String?

  package init(
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
