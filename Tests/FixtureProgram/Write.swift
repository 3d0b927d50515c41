// Steps that write what a test tells them: tables and documents.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

private let written = CodeFingerprint(
  family: "Fixture", digest: String(repeating: "e", count: 64), compiler: "any")

/// Writes CSV.
struct WriteRows: Step {
  static let code = written
  var csv: String
  var rows = Output<RowsFile>()

  func run(in context: StepContext) throws {
    try Data(csv.utf8).write(to: URL(fileURLWithPath: try context.path(rows)))
  }
}

/// Writes JSON.
struct WriteDocument: Step {
  static let code = written
  var json: String
  var document = Output<DocumentFile>()

  func run(in context: StepContext) throws {
    try Data(json.utf8).write(to: URL(fileURLWithPath: try context.path(document)))
  }
}
