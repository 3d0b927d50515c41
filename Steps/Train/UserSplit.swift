// How many users each part has. It reads none.
import AtelierStep

/// Exact counts of the parts.
struct Split: Hashable {
  let training: Int
  let validation: Int
  let test: Int

  /// The first of the validation rows.
  let probe: Int

  /// Rounds half away from zero, with at most `mostProbe` probe rows; throws where a part would be
  /// empty.
  init(
    users: Int, sample fraction: Double, validation validationFraction: Double, mostProbe: Int
  ) throws {
    let sample = Int((Double(users) * fraction).rounded())
    validation = Int((Double(sample) * validationFraction).rounded())
    training = sample - validation
    test = users - sample
    probe = min(validation, mostProbe)
    guard training > 0, probe > 0, test > 0 else {
      throw StepFailure(
        "\(users) users give \(training) training, \(validation) validation and \(test) test rows: "
          + "too few to split")
    }
  }
}
