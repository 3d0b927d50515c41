// How well scores tell two classes apart, by counting alone. It knows no model.
import AtelierStep

/// Labelled scores, gathered by score from the highest to the lowest.
package struct Ranking {
  /// The rows of one score.
  package struct Group: Hashable {
    package let score: Float
    package var positives = 0
    package var negatives = 0
  }

  package let groups: [Group]
  package let positives: Int
  package let negatives: Int

  /// Ranks scores between 0 and 1 with labels 0 and 1; throws a `StepFailure` for one class only.
  package init(scores: [Float], labels: [Float]) throws {
    // Non-negative floats order as their bits do, so one integer holds score and label.
    let keys = zip(scores, labels)
      .map { score, label in UInt64((score + 0).bitPattern) << 1 | (label == 1 ? 1 : 0) }
      .sorted(by: >)
    var groups: [Group] = []
    for key in keys {
      let score = Float(bitPattern: UInt32(key >> 1))
      if groups.last?.score != score { groups.append(Group(score: score)) }
      if key & 1 == 1 {
        groups[groups.count - 1].positives += 1
      } else {
        groups[groups.count - 1].negatives += 1
      }
    }
    self.groups = groups
    positives = groups.reduce(0) { $0 + $1.positives }
    negatives = keys.count - positives
    guard positives > 0, negatives > 0 else {
      throw StepFailure(
        "AUC needs both classes, but \(positives) of \(keys.count) rows are positive")
    }
  }

  /// The area under the ROC curve: the share of pairs of a positive and a negative row in which
  /// the positive scores higher, a tie counting half.
  package var auc: Ratio {
    var twice: UInt64 = 0
    var below = UInt64(negatives)
    for group in groups {
      below -= UInt64(group.negatives)
      twice += UInt64(group.positives) * (2 * below + UInt64(group.negatives))
    }
    return Ratio(numerator: twice, denominator: 2 * UInt64(positives) * UInt64(negatives))
  }

  /// The counts when rows that score above the threshold are called positive.
  ///
  /// One rule for a score at the threshold everywhere, that of XGBoost's `error` and of the notebooks.
  package func confusion(threshold: Float) -> Confusion {
    let called = groups.prefix { $0.score > threshold }
    let truePositives = called.reduce(0) { $0 + $1.positives }
    let falsePositives = called.reduce(0) { $0 + $1.negatives }
    return Confusion(
      trueNegatives: negatives - falsePositives, falsePositives: falsePositives,
      falseNegatives: positives - truePositives, truePositives: truePositives)
  }
}

/// The four counts of a decision.
package struct Confusion: Hashable {
  package let trueNegatives: Int
  package let falsePositives: Int
  package let falseNegatives: Int
  package let truePositives: Int

  /// The share of right decisions.
  package var accuracy: Ratio {
    Ratio(
      numerator: UInt64(trueNegatives + truePositives),
      denominator: UInt64(trueNegatives + falsePositives + falseNegatives + truePositives))
  }
}
