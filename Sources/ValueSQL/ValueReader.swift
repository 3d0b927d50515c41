// How the values of a column become those of another type without any of them changing.
import AtelierStep
import DuckDB

/// Reads the values of one column as a type, in SQL.
///
/// A value is read only if it is the same in both types: no fraction is rounded, no digit and no time
/// zone is lost, no two-digit year is taken for one of antiquity. Text without a character is null.
public struct ValueReader: Sendable {
  private let source: ValueKind
  private let sourceType: String
  private let target: ValueKind
  private let type: String
  private let timeFormat: String?
  private let years: ClosedRange<Int>

  /// From a type to a type, both in DuckDB's words; `timeFormat` is how text may write times beside
  /// ISO 8601, in the notation of strptime.
  public init(
    from sourceType: String = "VARCHAR", to type: String, timeFormat: String? = nil,
    years: ClosedRange<Int> = ValueText.tableYears
  ) throws {
    source = ValueKind(sourceType)
    self.sourceType = sourceType
    target = ValueKind(type)
    self.type = try SQLName.type(type)
    self.timeFormat = timeFormat
    self.years = years
  }

  /// The value as an SQL expression; null where it does not fit.
  public func value(_ x: String) -> String {
    switch (source, target) {
    case (.nested, .nested): "TRY_CAST(\(x) AS \(type))"
    case (.nested, _), (_, .nested): "NULL::\(type)"
    case (.text, .text): "nullif(\(x)::VARCHAR, '')"
    case (.text, _): text(x)
    case (_, .text): written(x)
    case (.whole, .whole), (.whole, .decimal), (.boolean, .boolean): "TRY_CAST(\(x) AS \(type))"
    case (.whole, .fraction): same(x, as: type, in: "HUGEINT")
    case (.decimal, .whole), (.fraction, .whole):
      "CASE WHEN \(x) = trunc(\(x)) THEN TRY_CAST(\(x) AS \(type)) END"
    case (.decimal, .decimal), (.decimal, .fraction), (.fraction, .decimal):
      same(x, as: type, in: sourceType)
    case (.fraction, .fraction):
      "CASE WHEN isfinite(\(x)) AND TRY_CAST(\(x) AS \(type)) = \(x) THEN TRY_CAST(\(x) AS \(type)) END"
    case (.timestamp, .timestamp), (.date, .timestamp):
      ValueText.within(years, "\(x)::TIMESTAMP")
    case (.zonedTimestamp, .timestamp): ValueText.within(years, "(\(x) AT TIME ZONE 'UTC')")
    case (.date, .date): ValueText.within(years, x)
    case (.timestamp, .date):
      "CASE WHEN \(x)::DATE = \(x)::TIMESTAMP THEN \(ValueText.within(years, "\(x)::DATE")) END"
    case (.other, .other): "TRY_CAST(\(x) AS \(type))"
    default: "NULL::\(type)"
    }
  }

  /// Whether a value is there and does not fit, as an SQL condition; `value` is what `value(_:)` gave.
  public func isUnfit(_ x: String, value: String) -> String {
    let isGiven = source == .text ? "\(x)::VARCHAR <> ''" : "\(x) IS NOT NULL"
    return "(\(isGiven) AND \(value) IS NULL)"
  }

  private func text(_ x: String) -> String {
    switch target {
    case .whole: ValueText.whole(x, as: type)
    case .decimal(let scale): ValueText.decimal(x, as: type, scale: scale)
    case .fraction: ValueText.fraction(x, as: type)
    case .boolean: ValueText.boolean(x)
    case .timestamp: ValueText.time(x, format: timeFormat, years: years)
    case .date: ValueText.date(x, years: years)
    default: "TRY_CAST(\(x) AS \(type))"
    }
  }

  /// A value as text: a whole number has no point, whatever type held it.
  private func written(_ x: String) -> String {
    guard source == .fraction else { return "\(x)::VARCHAR" }
    return "CASE WHEN NOT isfinite(\(x)) THEN NULL WHEN \(x) <> trunc(\(x)) THEN \(x)::VARCHAR "
      + "WHEN abs(\(x)) < 9007199254740992 THEN \(x)::BIGINT::VARCHAR END"
  }

  /// The value as another type, if it is the same when it comes back.
  private func same(_ x: String, as type: String, in back: String) -> String {
    "CASE WHEN TRY_CAST(TRY_CAST(\(x) AS \(type)) AS \(back)) = \(x) THEN TRY_CAST(\(x) AS \(type)) END"
  }

  /// What was expected, as in `'x' is not ...`.
  public var expected: String {
    switch target {
    case .text: "a text" + (source == .nested ? "" : " or a whole number below 2^53")
    case .whole: "a whole number that fits \(type), such as 17"
    case .decimal(let scale): "a number with at most \(scale) digits after the point (\(type))"
    case .fraction:
      "a finite number that \(type.uppercased() == "DOUBLE" ? "64" : "32") bits hold exactly or by its "
        + "nearest fraction, such as 2.5"
    case .boolean: "true or false"
    case .timestamp:
      "a time such as 2024-05-01T12:30:00Z" + (timeFormat.map { " or in the form \($0)" } ?? "")
        + ", from \(years.lowerBound) to \(years.upperBound)"
    case .date: "a date such as 2024-05-01, from \(years.lowerBound) to \(years.upperBound)"
    default: "a \(type)"
    }
  }
}
