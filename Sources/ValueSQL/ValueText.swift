// How text becomes a value in SQL: the one reader of numbers and times that people write.
import DuckDB

/// SQL expressions over a text expression; null for what is not such a value.
public enum ValueText {
  /// The years that a time of an event may have.
  public static let eventYears = 1970...2199
  /// The years that a time of a feature group's record may have.
  public static let recordYears = 1970...9999
  /// The years that a time or date of a table may have.
  public static let tableYears = 1800...2199

  /// Digits with a sign at most; a point may follow with zeros alone.
  static func whole(_ x: String, as type: String) -> String {
    "CASE WHEN regexp_full_match(trim(\(x)), '[+-]?[0-9]+([.]0*)?') "
      + "THEN TRY_CAST(split_part(trim(\(x)), '.', 1) AS \(type)) END"
  }

  /// A finite number, whose exponent may be given; a whole one is exact or none.
  static func fraction(_ x: String, as type: String) -> String {
    let t = "trim(\(x))"
    return
      "CASE WHEN regexp_full_match(\(t), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?') "
      + "AND isfinite(TRY_CAST(\(t) AS \(type))) "
      + "AND (NOT regexp_full_match(\(t), '[+-]?[0-9]+') OR length(\(t)) < 8 "
      + "OR TRY_CAST(TRY_CAST(\(t) AS \(type)) AS HUGEINT) = TRY_CAST(\(t) AS HUGEINT)) "
      + "THEN TRY_CAST(\(t) AS \(type)) END"
  }

  /// A finite number of 64 bits.
  public static func number(_ x: String) -> String { fraction(x, as: "DOUBLE") }

  /// A number with no more digits after the point than the type holds.
  static func decimal(_ x: String, as type: String, scale: Int) -> String {
    "CASE WHEN regexp_full_match(trim(\(x)), '[+-]?[0-9]*([.][0-9]{0,\(scale)}0*)?') "
      + "AND regexp_matches(\(x), '[0-9]') THEN TRY_CAST(trim(\(x)) AS \(type)) END"
  }

  /// `true`, `false` and what DuckDB takes for them.
  static func boolean(_ x: String) -> String { "TRY_CAST(trim(\(x)) AS BOOLEAN)" }

  /// A day by ISO 8601.
  static func date(_ x: String, years: ClosedRange<Int>) -> String {
    within(
      years,
      "CASE WHEN regexp_full_match(trim(\(x)), '[0-9]{4}-[0-9]{2}-[0-9]{2}') "
        + "THEN TRY_CAST(trim(\(x)) AS DATE) END")
  }

  /// A moment in UTC by ISO 8601, to the microsecond.
  ///
  /// Without an offset it is UTC, with one it is brought there. Years have four digits; a `format` of strptime may be given beside it.
  public static func time(
    _ x: String, format: String? = nil, years: ClosedRange<Int> = eventYears
  ) -> String {
    // DuckDB's own cast wants seconds before an offset, and a colon in it.
    let spelled =
      "regexp_replace(regexp_replace(upper(trim(\(x))), '([T ][0-9]{2}:[0-9]{2})(Z| ?[+-])', "
      + "'\\1:00\\2'), '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2')"
    let iso =
      "CASE WHEN regexp_full_match(\(x), '\(pattern)') "
      + "THEN coalesce(TRY_CAST(\(x) AS TIMESTAMPTZ), TRY_CAST(\(spelled) AS TIMESTAMPTZ)) END"
    guard let format else { return "(\(within(years, iso)) AT TIME ZONE 'UTC')" }
    // Words such as 'epoch' are times to strptime, whatever the format.
    let formatted =
      "CASE WHEN regexp_matches(\(x), '[0-9]') "
      + "THEN try_strptime(trim(\(x)), \(SQLValue.text(format).literal)) END"
    return within(years, "coalesce(\(formatted), (\(iso)) AT TIME ZONE 'UTC')")
  }

  /// A number as seconds since 1970; null for a number that is a date without dashes, such as 20240501,
  /// which would be a moment of August 1970.
  public static func seconds(number x: String) -> String {
    let digits = "TRY_CAST((\(x)) AS BIGINT)::VARCHAR"
    return "CASE WHEN NOT ((\(x)) = trunc(\(x)) AND (\(x)) BETWEEN 19700101 AND 21991231 "
      + "AND try_strptime(\(digits), '%Y%m%d') IS NOT NULL) THEN (\(x))::DOUBLE END"
  }

  private static let pattern =
    "\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?"
    + "(?: ?(?:[Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?)?\\s*"

  /// Null outside of the years.
  static func within(_ years: ClosedRange<Int>, _ moment: String) -> String {
    "CASE WHEN (\(moment)) >= DATE '\(years.lowerBound)-01-01' "
      + "AND (\(moment)) < DATE '\(years.upperBound + 1)-01-01' THEN (\(moment)) END"
  }
}
