// The curves of a ranking: false alarms, precision, and how much the best part of the rows holds.
import XGBoost

extension Ranking {
  /// What is called positive when every row that scores at least the threshold is.
  ///
  /// As in scikit-learn the threshold is a score that occurs, and belongs to the rows that are called;
  /// the first point of a ROC curve lies above every score.
  package struct Point: Hashable {
    package let threshold: String
    package let found: Int
    package let alarms: Int
    package let positives: Int
    package let negatives: Int

    package var falsePositiveRate: Ratio { Ratio(alarms, of: negatives) }
    package var truePositiveRate: Ratio { Ratio(found, of: positives) }
    /// The share of positives among the rows that are called positive; 1 where none is.
    package var precision: Ratio {
      found + alarms == 0 ? Ratio(1, of: 1) : Ratio(found, of: found + alarms)
    }
  }

  /// The points from the highest score to the lowest, thinned evenly along the way of the ROC curve to
  /// at most `limit`; the first one calls no row positive.
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
      points.append(point(PredictionText.text(group.score), found, alarms))
    }
    return points
  }

  private func point(_ threshold: String, _ found: Int, _ alarms: Int) -> Point {
    Point(
      threshold: threshold, found: found, alarms: alarms, positives: positives,
      negatives: negatives)
  }

  /// The area under precision over recall: the precision at each score, weighted by the positives there.
  package var averagePrecision: Double {
    var (found, called, sum) = (0, 0, 0.0)
    for group in groups {
      found += group.positives
      called += group.positives + group.negatives
      sum += Double(group.positives) / Double(positives) * (Double(found) / Double(called))
    }
    return sum
  }

  /// A part of the rows by falling score.
  package struct Slice: Hashable {
    package let rows: Int
    /// Where a score is shared across the part's end its positives are shared out evenly.
    package let positives: Double
    package let lowestScore: Float
  }

  /// The rows by falling score in `count` parts of the same size, as near as can be.
  package func slices(_ count: Int) -> [Slice] {
    let rows = positives + negatives
    var (index, left) = (0, groups[0].positives + groups[0].negatives)
    return (1...count).map { number in
      let size = rows * number / count - rows * (number - 1) / count
      var (open, sum, lowest) = (size, 0.0, groups[index].score)
      while open > 0 {
        if left == 0 {
          index += 1
          left = groups[index].positives + groups[index].negatives
        }
        let group = groups[index]
        let taken = min(left, open)
        let share = Double(taken) / Double(group.positives + group.negatives)
        sum += Double(group.positives) * share
        lowest = group.score
        left -= taken
        open -= taken
      }
      return Slice(rows: size, positives: sum, lowestScore: lowest)
    }
  }

  /// The standard deviation of the AUC over samples like this one, by DeLong's method; nil where a
  /// class has one row.
  package var aucDeviation: Double? {
    guard positives > 1, negatives > 1 else { return nil }
    let auc = self.auc.rounded
    var (below, above) = (Double(negatives), 0.0)
    var (ofPositives, ofNegatives) = (0.0, 0.0)
    for group in groups {
      below -= Double(group.negatives)
      let right = (below + Double(group.negatives) / 2) / Double(negatives) - auc
      let left = (above + Double(group.positives) / 2) / Double(positives) - auc
      ofPositives += Double(group.positives) * right * right
      ofNegatives += Double(group.negatives) * left * left
      above += Double(group.positives)
    }
    let variance =
      ofPositives / Double(positives - 1) / Double(positives)
      + ofNegatives / Double(negatives - 1) / Double(negatives)
    return variance.squareRoot()
  }

  /// The 95 % interval of the AUC, within 0 and 1; nil where there is no deviation.
  package var aucInterval: ClosedRange<Double>? {
    aucDeviation.map { deviation in
      let (auc, width) = (self.auc.rounded, 1.959963984540054 * deviation)
      return max(0, auc - width)...min(1, auc + width)
    }
  }
}

extension Ratio {
  package init(_ part: Int, of whole: Int) {
    self.init(numerator: UInt64(part), denominator: UInt64(whole))
  }
}
