// What a Data Wrangler flow leaves to others: the record identifier, and the values of categories.

/// The settings beside a Data Wrangler flow.
struct WranglerSettings {
  /// The feature that names a record, as the feature group is told.
  var identifier = "record_id"
  /// The values of each column that is encoded, in the order of the features.
  ///
  /// A flow keeps them only inside a model of Spark.
  var categories = ["sex": ["M", "I", "F"]]

  /// Why a text has no categories.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads `column: value, value; column: value`.
  static func categories(_ text: String) throws -> [String: [String]] {
    var categories: [String: [String]] = [:]
    for part in text.split(separator: ";") {
      let sides = part.split(separator: ":", maxSplits: 1).map(trimmed)
      let values = (sides.count == 2 ? sides[1] : "")
        .split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      guard let column = sides.first, !column.isEmpty, !values.isEmpty,
        values.allSatisfy({ !$0.isEmpty }), Set(values).count == values.count,
        categories.updateValue(values, forKey: column) == nil
      else {
        throw Refused(
          description: "'\(trimmed(part))': expected a column and its values, each once, such as "
            + "sex: M, I, F")
      }
    }
    return categories
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
