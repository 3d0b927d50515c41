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

  /// A point of the ROC curve: the share of each class that scores at least the threshold.
  package struct Point: Hashable {
    package let threshold: String
    package let falsePositiveRate: Ratio
    package let truePositiveRate: Ratio
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

  /// The counts when rows that score at least the threshold are called positive.
  package func confusion(threshold: Float) -> Confusion {
    let called = groups.prefix { $0.score >= threshold }
    let truePositives = called.reduce(0) { $0 + $1.positives }
    let falsePositives = called.reduce(0) { $0 + $1.negatives }
    return Confusion(
      trueNegatives: negatives - falsePositives, falsePositives: falsePositives,
      falseNegatives: positives - truePositives, truePositives: truePositives)
  }

  /// The ROC curve from (0, 0) to (1, 1), thinned evenly along its way to at most `limit` points.
  ///
  /// The first point's threshold lies above every score.
  package func curve(limit: Int) -> [Point] {
    var points = [point("1.000001", 0, 0)]
    let steps = limit - 2
    var (found, alarms, taken) = (0, 0, 0)
    for (index, group) in groups.enumerated() {
      found += group.positives
      alarms += group.negatives
      // The way so far in parts of 2 x positives x negatives, compared without division.
      let way = found * negatives + alarms * positives
      let reached = way * steps / (2 * positives * negatives)
      guard reached > taken || index == groups.count - 1 else { continue }
      taken = reached
      points.append(point(Decimals.prediction(group.score), alarms, found))
    }
    return points
  }

  private func point(_ threshold: String, _ alarms: Int, _ found: Int) -> Point {
    Point(
      threshold: threshold,
      falsePositiveRate: Ratio(numerator: UInt64(alarms), denominator: UInt64(negatives)),
      truePositiveRate: Ratio(numerator: UInt64(found), denominator: UInt64(positives)))
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
