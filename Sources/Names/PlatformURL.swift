// How a data set of Adobe's platform is written in a text, and a batch or file of it. It sends no request.

/// `aep://<data set>/<batch>/<file>`, of which the data set alone will do.
public struct PlatformURL: Hashable, Sendable, CustomStringConvertible {
  private static let scheme = "aep://"

  /// The id of the data set.
  public let dataset: String
  /// The id of a batch; nil for the whole data set.
  public let batch: String?
  /// A file of the batch; its name may have slashes in it.
  public let file: String?

  /// The name of the object that stands for which batches there are.
  public static let version = "_version"

  /// A data set, a batch of it or a file of that.
  public init(dataset: String, batch: String? = nil, file: String? = nil) {
    self.dataset = dataset
    self.batch = batch
    self.file = file
  }

  /// The place that a text names.
  public init(_ text: String) throws(NoPlatformURL) {
    guard Self.isMeant(by: text) else { throw NoPlatformURL(text: text) }
    let rest = text.dropFirst(Self.scheme.count)
    let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
      .map(String.init)
    guard let dataset = parts.first, Self.isID(dataset) else { throw NoPlatformURL(text: text) }
    let batch = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
    let file = parts.count > 2 && !parts[2].isEmpty ? parts[2] : nil
    guard batch.map(Self.isID) ?? (parts.count < 3) else { throw NoPlatformURL(text: text) }
    self.init(dataset: dataset, batch: batch, file: file)
  }

  /// The file that a text names, or the version of a data set or batch.
  public init(object text: String) throws(NoPlatformURL) {
    self = try PlatformURL(text)
    guard file != nil || batch == Self.version else { throw NoPlatformURL(text: text) }
  }

  /// Whether a text is to be read as one rather than as a path, well-formed or not.
  public static func isMeant(by text: String) -> Bool { text.utf8.starts(with: scheme.utf8) }

  private static func isID(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128 && text != "." && text != ".."
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || $0 == 45 || $0 == 95 || $0 == 46
      }
  }

  /// The URL as text.
  public var description: String {
    Self.scheme + [dataset, batch, file].compactMap(\.self).joined(separator: "/")
  }
}

/// A text that names no place on the platform.
public struct NoPlatformURL: Error, Hashable, CustomStringConvertible {
  let text: String

  /// The error in one sentence.
  public var description: String {
    "'\(text)' is no data set of the platform; expected aep://<data set id>"
  }
}

/// Texts that name objects elsewhere: in a bucket or on the platform.
public enum ObjectURL {
  /// Whether a text is to be read as one rather than as a path, well-formed or not.
  public static func isMeant(by text: String) -> Bool {
    S3URL.isMeant(by: text) || PlatformURL.isMeant(by: text)
  }
}
