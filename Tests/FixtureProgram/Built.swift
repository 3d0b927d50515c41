// A step of which a test plays other builds: the variable FIXTURE_BUILD says what its code is.
import AtelierStep
import Command
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a build of the program makes of the step; `{"code": "..."}` and the like replace a part.
private enum Build {
  static let parts: [String: String] = {
    let text = ProcessInfo.processInfo.environment["FIXTURE_BUILD"] ?? "{}"
    return ((try? JSONValue(parsing: text))?.object ?? [:]).compactMapValues(\.string)
  }()

  static func part(_ name: String, else standard: String) -> String { parts[name] ?? standard }
}

/// A text whose media type is the build's.
enum BuiltFile: ArtifactFormat {
  static var mediaType: String { Build.part("mediaType", else: "text/plain") }
  static let fileExtension = "txt"
}

/// Writes its text and its input, within the runner: a worker would not see the variable.
struct Built: Step {
  static let isolation = Isolation.inProcess
  static var stepName: String { Build.part("step", else: "Built") }
  static var code: CodeFingerprint {
    CodeFingerprint(
      family: Build.part("family", else: "FixtureBuild"),
      digest: Build.part("code", else: String(repeating: "b", count: 64)),
      compiler: Build.part("compiler", else: "Swift 6.3"))
  }

  var text: String
  var input: Artifact<AnyFile>
  var out = Output<BuiltFile>()

  var sql: [String: String] { ["rows.sql": Build.part("sql", else: "SELECT 1")] }

  func run(in context: StepContext) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: context.path(input)))
    try (Data(text.utf8) + bytes).write(to: URL(fileURLWithPath: context.path(out)))
  }
}
