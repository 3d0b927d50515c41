// The interval of scores that a segment takes in, in exact hundredths. It knows no users.
import AtelierStep

/// A closed interval of scores with two decimals.
struct PropensityInterval: Equatable {
  /// The borders in hundredths, 0 to 100.
  let from: Int
  let to: Int

  /// Reads the borders as the configuration gives them.
  init(from: Double, to: Double) throws {
    self.from = try Self.hundredths(from, key: "from")
    self.to = try Self.hundredths(to, key: "to")
    guard self.from <= self.to else {
      throw StepFailure(
        "[Segment] from is \(Self.text(self.from)) and to is \(Self.text(self.to)): "
          + "from must not be greater than to")
    }
  }

  private static func hundredths(_ value: Double, key: String) throws -> Int {
    let scaled = (value * 100).rounded()
    // A decimal text parsed to a double and one divided by 100 are the same double.
    guard scaled >= 0, scaled <= 100, scaled / 100 == value else {
      throw StepFailure(
        "[Segment] \(key) is \(value): use a number from 0 to 1 with at most two decimals")
    }
    return Int(scaled)
  }

  /// The rule in PQL for a tenant without the underscore of its column.
  func rule(tenant: String) -> String {
    "_\(tenant).propensity >= \(Self.text(from)) and _\(tenant).propensity <= \(Self.text(to))"
  }

  /// The borders as people write them, for example `0.2 to 0.93`.
  var text: String { "\(Self.text(from)) to \(Self.text(to))" }

  private static func text(_ hundredths: Int) -> String {
    let whole = String(hundredths / 100)
    let rest = hundredths % 100
    if rest == 0 { return whole }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest / 10)\(rest % 10)"
  }
}
