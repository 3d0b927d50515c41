// The generated fingerprint and name of one step. It knows nothing of how the digest was made.
import Fingerprint

/// The extension that gives a step its code.
struct StepCode: Sendable {
  let family: String
  let step: String
  let digest: CodeDigest
  /// Whether the step's name is its type's name.
  let isNamedByType: Bool

  /// The Swift text.
  var text: String {
    let layout =
      if let raw = digest.raw {
        "Comments and layout count: \(raw.path):\(raw.cause.line) has \(raw.cause.reason.rawValue)."
      } else {
        "Comments and layout don't count."
      }
    return """
      extension \(step) {
        /// The code of this step: its file, the family's files without a step, and the modules that the
        /// family imports.
        ///
        /// \(layout)
        public static var code: CodeFingerprint { codeOf\(step) }\(name)
      }

      private let codeOf\(step) = CodeFingerprint(
        family: \(SwiftLiteral.of(family)),
        digest: \(SwiftLiteral.of(digest.hex)),
        files: \(SwiftLiteral.of(Self.json(digest.files))),
        build: codeBuild, isUnchecked: CodeFingerprint.isUnchecked)
      """
  }

  /// The name in so many letters: the runtime takes a tenth of a millisecond to tell a type's name, and
  /// a worker compares those of its whole family.
  private var name: String {
    guard isNamedByType else { return "" }
    return """

        /// The name of the type.
        public static var stepName: String { \(SwiftLiteral.of(step)) }
      """
  }

  /// The declaration of what turns the sources of a family's steps into programs.
  static func build(_ build: [String: String]) -> String {
    "private let codeBuild = \(SwiftLiteral.of(json(build)))"
  }

  /// Canonical JSON; names and values are printable ASCII.
  private static func json(_ table: [String: String]) -> String {
    let members = table.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
