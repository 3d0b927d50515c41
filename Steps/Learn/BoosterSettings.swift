// What XGBoost is asked to learn, with every name and value checked before anything is trained.
import AtelierStep

/// The settings of one training by configuration alone: objective, rounds, seed, hyperparameters.
public struct BoosterSettings: Codable, Hashable, Sendable {
  /// One of `objectives`.
  public private(set) var objective: String
  /// How many rounds are boosted: the trees of each class, or the passes of a linear model.
  public private(set) var rounds: Int
  /// Draws samples of rows and columns.
  public private(set) var seed: Int
  /// The metric that results name first, by default the objective's own.
  public private(set) var evalMetric: Metric
  /// XGBoost's own names and values, such as `max_depth: 5`.
  public private(set) var parameters: [String: String]

  /// The objectives that are known; `reg:linear` is the old name of the first.
  public static let objectives = [
    "reg:squarederror", "reg:absoluteerror", "reg:logistic", "binary:logistic", "multi:softmax",
    "multi:softprob",
  ]

  /// Settings for a training.
  ///
  /// Throws a `StepFailure` that names the parameter, what is expected of it, and the known names.
  public init(
    objective: String, rounds: Int, seed: Int, evalMetric: String = "",
    parameters: [String: String]
  ) throws {
    self.objective = objective == "reg:linear" ? "reg:squarederror" : objective
    guard Self.objectives.contains(self.objective) else {
      throw StepFailure(
        "the objective '\(objective)' is not known; use one of "
          + Self.objectives.joined(separator: ", "))
    }
    guard (1...100_000).contains(rounds) else {
      throw StepFailure("the number of rounds is \(rounds): give 1 to 100000")
    }
    guard (0...Int(Int32.max)).contains(seed) else {
      throw StepFailure("the seed is \(seed): give 0 to \(Int32.max)")
    }
    self.rounds = rounds
    self.seed = seed
    self.parameters = parameters
    let known = Self.metrics(of: self.objective)
    guard let metric = evalMetric.isEmpty ? known.first : Metric(rawValue: evalMetric),
      known.contains(metric)
    else {
      throw StepFailure(
        "the metric '\(evalMetric)' does not fit the objective \(self.objective); use one of "
          + known.map(\.rawValue).joined(separator: ", "))
    }
    self.evalMetric = metric
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      try BoosterParameter.check(name, value)
    }
    try checkClasses()
  }

  /// Reads `name=value` pairs, separated by commas, spaces or line ends, as a configuration has them.
  ///
  /// Throws a `StepFailure` for a word that is no pair and for a name that is given twice.
  public static func parameters(_ text: String) throws -> [String: String] {
    var parameters: [String: String] = [:]
    for word in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw StepFailure("'\(word)' is no hyperparameter: write name=value, such as max_depth=5")
      }
      guard parameters.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
        throw StepFailure("the hyperparameter '\(parts[0])' is given twice")
      }
    }
    return parameters
  }

  /// The metrics that an objective can be measured by, its own first.
  static func metrics(of objective: String) -> [Metric] {
    switch objective {
    case "binary:logistic": [.error, .logloss, .auc, .rmse, .mae]
    case "reg:logistic": [.rmse, .mae, .logloss]
    case "reg:absoluteerror": [.mae, .rmse]
    case "multi:softmax": [.merror]
    case "multi:softprob": [.merror, .mlogloss]
    default: [.rmse, .mae]
    }
  }

  /// The metrics that this training's model can be measured by.
  public var metrics: [Metric] { Self.metrics(of: objective) }

  /// The number of classes; nil where the objective has none.
  var classes: Int? { parameters["num_class"].flatMap { Int($0) } }

  var isLinear: Bool { parameters["booster"] == "gblinear" }

  private func checkClasses() throws {
    let isMulti = objective.hasPrefix("multi:")
    if isMulti, classes == nil {
      throw StepFailure("the objective \(objective) needs num_class, the number of classes")
    }
    if !isMulti, classes != nil {
      throw StepFailure("num_class is for multi:softmax and multi:softprob, not for \(objective)")
    }
  }

  /// The settings as XGBoost takes them.
  var all: [(name: String, value: String)] {
    [(name: "objective", value: objective), (name: "seed", value: "\(seed)")]
      + parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  /// Throws a `StepFailure` where the labels of a part do not fit the objective, or where all are of one
  /// class: a model learns nothing from those, and whatever it answers would measure well on them.
  func check(labels: [Float], of part: String) throws {
    try checkValues(labels, of: part)
    guard metrics.contains(.error) || metrics.contains(.merror), let first = labels.first,
      labels.allSatisfy({ $0 == first })
    else { return }
    throw StepFailure(
      "the part '\(part)' has one class only: the label of all its \(labels.count) rows is "
        + "\(Int(first)); a model of classes is neither trained nor measured on one of them. Give data "
        + "of all classes, or more rows")
  }

  private func checkValues(_ labels: [Float], of part: String) throws {
    let (fits, expected): ((Float) -> Bool, String) =
      switch objective {
      case "binary:logistic": ({ $0 == 0 || $0 == 1 }, "0 or 1")
      case "reg:logistic": ({ (0...1).contains($0) }, "from 0 to 1")
      case "multi:softmax", "multi:softprob":
        (
          { [classes = Float(classes ?? 0)] in $0 >= 0 && $0 < classes && $0 == $0.rounded() },
          "a whole number from 0 to \((classes ?? 0) - 1)"
        )
      default: ({ $0.isFinite }, "a finite number")
      }
    guard let index = labels.firstIndex(where: { !fits($0) }) else { return }
    throw StepFailure(
      "row \(index + 1) of the part '\(part)' has the label \(labels[index]); the objective "
        + "\(objective) needs \(expected)")
  }
}
