// Which artifact format what a notebook makes or reads has. It knows no step.
import Notebooks

/// A format of artifacts: one that is there, or one that the workshop declares.
struct ImportedFormat: Hashable {
  /// The name of the Swift type.
  let name: String
  /// The Swift type, where the workshop declares it.
  let declaration: String?

  init(_ output: NotebookPlan.Output) {
    switch output.kind {
    case .table, .column: self = .parquet
    case .value: self = .value
    case .figures: self = .figures
    case .printed: self = .printed
    case .file: self.init(path: output.path)
    }
  }

  /// The format of a file by the end of its name.
  init(path: String) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let ending = file.contains(".") ? file.split(separator: ".").last.map(String.init) ?? "" : ""
    switch ending {
    case "parquet": self = .parquet
    case "csv": self = ImportedFormat(name: "CSVTable", declaration: nil)
    case "json": self = .value
    case "": self = ImportedFormat(name: "AnyFile", declaration: nil)
    default:
      let plain = ending.lowercased().filter {
        ("a"..."z").contains($0) || ("0"..."9").contains($0)
      }
      name = "Notebook\(plain.prefix(1).uppercased() + plain.dropFirst())"
      declaration = """
        /// A file .\(plain), as the notebook reads or writes it.
        enum \(name): ArtifactFormat {
          static let mediaType = "application/octet-stream"
          static let fileExtension = \(ImportedWiring.literal(ending))
        }
        """
    }
  }

  private init(name: String, declaration: String?) {
    self.name = name
    self.declaration = declaration
  }

  private static let parquet = ImportedFormat(name: "ParquetTable", declaration: nil)

  private static let value = ImportedFormat(
    name: "NotebookValue",
    declaration: """
      /// A plain value of the notebook.
      enum NotebookValue: JSONFormat {}
      """)

  private static let printed = ImportedFormat(
    name: "NotebookText",
    declaration: """
      /// What a section prints.
      enum NotebookText: ArtifactFormat {
        static let mediaType = "text/plain"
        static let fileExtension = "txt"
      }
      """)

  private static let figures = ImportedFormat(
    name: "NotebookFigures",
    declaration: """
      /// The figures of a section, numbered in their order.
      enum NotebookFigures: ArtifactFormat {
        static let mediaType = "application/vnd.atelier.figures+directory"
        static let fileExtension = ""
        static let isTree = true
      }
      """)
}
