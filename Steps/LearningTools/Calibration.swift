// How predictions of two classes compare with what came true. It knows no model.

/// Labelled predictions from 0 to 1, gathered in equal intervals.
package struct Calibration {
  /// The rows whose prediction lies in an interval that holds its lower end; the last one holds 1, too.
  package struct Interval: Hashable {
    package var rows = 0
    package var positives = 0
    package var sum = 0.0

    /// The mean prediction; nil without rows.
    package var meanPrediction: Double? { rows == 0 ? nil : sum / Double(rows) }
    /// The share of positives; nil without rows.
    package var positiveShare: Double? { rows == 0 ? nil : Double(positives) / Double(rows) }
  }

  package let intervals: [Interval]
  /// The mean squared difference of prediction and label.
  package let brier: Double

  /// Gathers predictions with labels 0 and 1 in `count` intervals.
  package init(scores: [Float], labels: [Float], intervals count: Int) {
    var intervals = [Interval](repeating: Interval(), count: count)
    var squares = 0.0
    for (score, label) in zip(scores, labels) {
      let index = min(Int(Double(score) * Double(count)), count - 1)
      intervals[index].rows += 1
      intervals[index].positives += label == 1 ? 1 : 0
      intervals[index].sum += Double(score)
      squares += (Double(score) - Double(label)) * (Double(score) - Double(label))
    }
    self.intervals = intervals
    brier = labels.isEmpty ? 0 : squares / Double(labels.count)
  }

  /// The mean distance of prediction and share over the intervals, weighted by their rows.
  package var error: Double {
    let rows = intervals.reduce(0) { $0 + $1.rows }
    return intervals.reduce(0) { total, interval in
      guard let mean = interval.meanPrediction, let share = interval.positiveShare else {
        return total
      }
      return total + abs(mean - share) * Double(interval.rows) / Double(rows)
    }
  }
}
