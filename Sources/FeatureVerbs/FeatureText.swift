// What is said where a query of feature groups has no result.
import CommandLine

enum FeatureText {
  /// That there is no record.
  static func none(_ id: String, _ group: String, at moment: Double?, first: Double?) -> String {
    guard let first else { return "the feature group \(group) has no record of '\(id)'" }
    let then = moment.map { " as of \(FeatureMoment.text($0))" } ?? ""
    return "the feature group \(group) has no record of '\(id)'\(then); its first one is of "
      + FeatureMoment.text(first)
  }

  /// Why a query has no answer, and what there is to ask for.
  static func refused(_ error: UsageError, _ views: FeatureViews, _ whyNone: String) -> String {
    var text = error.description
    if text.contains("Expected a single SELECT statement") {
      text += "; `atelier features query` takes one SELECT and writes nothing"
    }
    if text.contains("are disabled by configuration") {
      text += "; a query reads feature groups alone"
    }
    return text + "\n"
      + (views.names.isEmpty
        ? whyNone : "there are the views \(views.names.joined(separator: ", "))")
  }
}
