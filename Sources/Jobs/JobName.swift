// Names of jobs, as SageMaker takes them.
import ServiceNames

/// The name of a job: at most 63 letters, digits and hyphens, the last not at an end.
///
/// Source: SageMaker's API, `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`.
public enum JobName {
  /// Characters of a hyphen and what tells attempts apart, ``RequestValue/fresh(_:)``.
  static let freshLength = 9
  /// Hexadecimal digits of the digest in a name.
  static let digestLength = 12

  /// `<words>-<12 digits of the digest>`, short enough for what tells attempts apart behind it.
  ///
  /// Words are cut; the digest, of all that the job does, keeps two jobs from one name.
  public static func stem(_ words: [String], digest: String) -> String {
    let room = ServiceName.limit - freshLength - digestLength - 1
    return beginning(words, upTo: room) + "-" + digest.prefix(digestLength)
  }

  /// How the names of jobs with these words begin, for policies.
  public static func beginning(_ words: [String], upTo limit: Int = 40) -> String {
    let text = ServiceName.plain(words.joined(separator: "-"), upTo: limit)
    return text.isEmpty ? "job" : text
  }
}
