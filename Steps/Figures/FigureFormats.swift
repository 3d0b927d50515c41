// The artifact formats of figures: types, and no code.
import AtelierStep

/// A Vega-Lite 5 specification with its data inlined, as canonical JSON.
public enum VegaLite: ArtifactFormat {
  /// Vega-Lite 5 as JSON.
  public static let mediaType = "application/vnd.vegalite.v5+json"
  /// `vl.json`, which editors recognize.
  public static let fileExtension = "vl.json"
}

/// An SVG picture that stands alone or inline in a page.
public enum SVGPicture: ArtifactFormat {
  /// An SVG picture.
  public static let mediaType = "image/svg+xml"
  /// `svg`.
  public static let fileExtension = "svg"
}

/// Any CSV file with a header row.
public enum TableOfFigure: ArtifactFormat {
  /// Comma-separated values.
  public static let mediaType = "text/csv"
  /// `csv`.
  public static let fileExtension = "csv"
}

/// A table that a figure draws: an artifact of any CSV format.
public struct FigureTable: Codable, Sendable {
  let table: Artifact<TableOfFigure>

  /// Forgets what the columns mean; throws unless the artifact is a CSV file.
  public init<Format>(_ artifact: Artifact<Format>) throws {
    guard Format.mediaType == TableOfFigure.mediaType, !Format.isTree else {
      throw StepFailure("a figure draws CSV files (text/csv), and \(Format.self) is none")
    }
    switch artifact.source {
    case .wired(let reference): table = Artifact(.wired(reference))
    case .bound(let input): table = Artifact(.bound(input: input))
    }
  }

  /// Decodes the artifact; the table has no key of its own.
  public init(from decoder: any Decoder) throws { table = try Artifact(from: decoder) }

  /// Encodes the artifact alone, so that the key holds its digest.
  public func encode(to encoder: any Encoder) throws { try table.encode(to: encoder) }
}
