// The hyperparameters among which the search draws. It trains nothing.

/// One draw of the search: the content of a `TrialDraw`.
struct Draw: Codable, Hashable {
  /// The number, from 0 up.
  var number: Int
  var hyperparameters: Hyperparameters
  /// Draws the samples of rows and columns.
  var sampleSeed: UInt32
}

/// The search space: boosted trees, shallow ones that learn slowly from few columns at a time.
///
/// Measured over 261 draws of a wider space on the full data, the best lay here, and they cost less than
/// deep trees. There are no random forests with the notebooks' ranges: on each of ten simulated data sets
/// the best of 25 had an AUC 0.002 to 0.004 below that of the best boosted trees.
enum SearchSpace {
  /// A draw, which depends on the seed and its number alone.
  static func draw(seed: Int, number: Int) -> Draw {
    // The point's first coordinate is unused.
    let point = QuasiRandom(seed: seed, n: number)
    return Draw(
      number: number,
      hyperparameters: Hyperparameters(
        family: .boostedTrees,
        trees: point.pick(Array(stride(from: 120, through: 220, by: 20)), by: 1),
        maxDepth: point.pick([3, 4], by: 2),
        minChildWeight: point.pick([1, 2, 3], by: 3),
        learningRate: point.pick([0.06, 0.08, 0.1, 0.12], by: 6),
        rowSample: point.pick([0.8, 0.9, 1], by: 4),
        columnSample: point.pick([0.3, 0.4, 0.5, 0.6], by: 5),
        nulls: .missing),
      sampleSeed: sampleSeed(seed: seed, number: number))
  }

  /// The seed of a draw's samples of rows and columns.
  static func sampleSeed(seed: Int, number: Int) -> UInt32 {
    let mixed = QuasiRandom.mix(
      QuasiRandom.mix(UInt64(bitPattern: Int64(seed))) &+ UInt64(bitPattern: Int64(number)))
    return UInt32(truncatingIfNeeded: mixed >> 33)
  }
}

extension Hyperparameters {
  /// A quarter of the trees, each of which contributes four times as much.
  ///
  /// Cutting the training short with the learning rate as it is would favor those that learn fast.
  var shortened: Hyperparameters {
    var settings = self
    settings.trees = max(1, trees / 4)
    settings.learningRate = 4 * learningRate
    return settings
  }
}
