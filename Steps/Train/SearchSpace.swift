// The hyperparameters among which trials draw. It trains nothing.

/// The search space: forests as in the notebooks, and boosted trees.
enum SearchSpace {
  /// Boosted trees get three draws of four: they are better on these data and cost less.
  private static let families: [ModelFamily] = [
    .randomForest, .boostedTrees, .boostedTrees, .boostedTrees,
  ]

  /// The settings of a trial, drawn from the seed and the number alone.
  static func draw(seed: Int, number: Int) -> Hyperparameters {
    let point = QuasiRandom(seed: seed, n: number)
    let family = point.pick(families, by: 0)
    switch family {
    case .randomForest:
      return Hyperparameters(
        family: family,
        trees: point.pick(Array(stride(from: 10, through: 200, by: 10)), by: 1),
        maxDepth: point.pick(Array(2...12), by: 2),
        minChildWeight: point.pick(Array(1...5), by: 3),
        learningRate: 1,
        rowSample: point.pick([0.5, 0.632, 0.8], by: 4),
        columnSample: point.pick([0.2, 0.3, 0.4, 0.5, 0.6, 0.8], by: 5),
        nulls: point.pick(NullHandling.allCases, by: 6))
    case .boostedTrees:
      // Shallow trees that learn slowly from few columns at a time: measured over 261 draws of a
      // wider space on the full data, the best lay here, and they cost less than deep ones.
      return Hyperparameters(
        family: family,
        trees: point.pick(Array(stride(from: 120, through: 220, by: 20)), by: 1),
        maxDepth: point.pick([3, 4], by: 2),
        minChildWeight: point.pick([1, 2, 3], by: 3),
        learningRate: point.pick([0.06, 0.08, 0.1, 0.12], by: 6),
        rowSample: point.pick([0.8, 0.9, 1], by: 4),
        columnSample: point.pick([0.3, 0.4, 0.5, 0.6], by: 5),
        nulls: .missing)
    }
  }

  /// The seed of a trial's samples of rows and columns.
  static func sampleSeed(seed: Int, number: Int) -> UInt32 {
    let mixed = QuasiRandom.mix(
      QuasiRandom.mix(UInt64(bitPattern: Int64(seed))) &+ UInt64(bitPattern: Int64(number)))
    return UInt32(truncatingIfNeeded: mixed >> 33)
  }
}
