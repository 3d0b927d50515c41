// Steps that break the promise of reproducible bytes on purpose, for tests of `verify`.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum RowsFile: ArtifactFormat {
  static let mediaType = "text/csv"
  static let fileExtension = "csv"
}

enum DocumentFile: ArtifactFormat {
  static let mediaType = "application/json"
  static let fileExtension = "json"
}

private let inventions = CodeFingerprint(
  family: "Fixture", digest: String(repeating: "f", count: 64), compiler: "any")

/// Three rows of which the second differs each time, in the column `value`.
struct InventRows: Step {
  static let code = inventions
  var rows = Output<RowsFile>()

  func run(in context: StepContext) throws {
    let text = "name,value\na,1\nb,\(UInt64.random(in: 0...1 << 52))\nc,3\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: try context.path(rows)))
  }
}

/// A document that differs each time at `/model/seed`.
struct InventDocument: Step {
  static let code = inventions
  var document = Output<DocumentFile>()

  func run(in context: StepContext) throws {
    let text = #"{"a":1,"model":{"depth":3,"seed":"\#(UInt64.random(in: 0...UInt64.max))"}}"#
    try Data(text.utf8).write(to: URL(fileURLWithPath: try context.path(document)))
  }
}
