// The hyperparameters of XGBoost that may be set, and what each may be. It sets none.
import AtelierStep

/// What the value of a hyperparameter may be.
enum BoosterParameter {
  case whole(ClosedRange<Int>)
  /// Between two numbers; the lower one itself is left out where `isOpen`.
  case number(ClosedRange<Double>, isOpen: Bool)
  case word([String])

  private static let share = number(0...1, isOpen: true)
  private static let positive = number(0...Double.greatestFiniteMagnitude, isOpen: true)
  private static let notNegative = number(0...Double.greatestFiniteMagnitude, isOpen: false)

  /// By XGBoost's name.
  ///
  /// Left out is what Atelier sets itself, and what would not give the same bytes.
  private static let known: [String: BoosterParameter] = [
    "booster": .word(["gbtree", "gblinear", "dart"]),
    "max_depth": .whole(0...64), "max_leaves": .whole(0...1_000_000),
    "eta": share, "learning_rate": share, "gamma": notNegative, "min_split_loss": notNegative,
    "min_child_weight": notNegative, "max_delta_step": notNegative,
    "subsample": share, "colsample_bytree": share, "colsample_bylevel": share,
    "colsample_bynode": share,
    "lambda": notNegative, "reg_lambda": notNegative, "alpha": notNegative,
    "reg_alpha": notNegative, "scale_pos_weight": positive,
    "base_score": .number(-1e30...1e30, isOpen: false),
    "num_class": .whole(2...10_000), "num_parallel_tree": .whole(1...10_000),
    "max_bin": .whole(2...65_536), "grow_policy": .word(["depthwise", "lossguide"]),
    "tree_method": .word(["auto", "hist", "approx", "exact"]),
    "updater": .word(["coord_descent"]),
    "feature_selector": .word(["cyclic", "shuffle", "random", "greedy", "thrifty"]),
    "top_k": .whole(0...1_000_000),
    "sample_type": .word(["uniform", "weighted"]), "normalize_type": .word(["tree", "forest"]),
    "rate_drop": .number(0...1, isOpen: false), "skip_drop": .number(0...1, isOpen: false),
    "one_drop": .word(["0", "1"]),
  ]

  private static let own = [
    "objective", "num_round", "num_rounds", "rounds", "seed", "eval_metric", "random_state",
    "n_estimators",
  ]

  /// Throws a `StepFailure` unless XGBoost may be given this.
  static func check(_ name: String, _ value: String) throws {
    guard let kind = known[name] else {
      throw StepFailure(
        own.contains(name)
          ? "'\(name)' is a setting of its own, not a hyperparameter"
          : "the hyperparameter '\(name)' is not known; use one of "
            + known.keys.sorted().joined(separator: ", "))
    }
    guard kind.allows(value) else {
      throw StepFailure("the hyperparameter \(name) is '\(value)': give \(kind.expected)")
    }
  }

  private func allows(_ text: String) -> Bool {
    switch self {
    case .whole(let range): Int(text).map(range.contains) ?? false
    case .number(let range, let isOpen):
      Double(text).map { range.contains($0) && !(isOpen && $0 == range.lowerBound) } ?? false
    case .word(let words): words.contains(text)
    }
  }

  private var expected: String {
    switch self {
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range, let isOpen):
      range.upperBound == .greatestFiniteMagnitude
        ? "a number \(isOpen ? "above 0" : "from 0 up")"
        : "a number \(isOpen ? "above" : "from") \(range.lowerBound) "
          + "\(isOpen ? "and at most" : "to") \(range.upperBound)"
    case .word(let words): "one of \(words.joined(separator: ", "))"
    }
  }
}
