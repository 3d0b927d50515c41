// What a step of the runner's process asks of the platform, as data. It sends nothing.
import Content

/// An effect that a step wants on the platform.
///
/// Its action, parameters and files say all of it: the same call under the same key is made once.
public struct PlatformCall: Sendable {
  /// The name of the action, such as `load-batch`.
  public let action: String
  /// What the action is to do, by name.
  public let parameters: [String: JSONValue]
  /// The paths of the files that it reads, by the name of the input.
  public let reads: [String: [String]]
  /// The paths at which it leaves files, by the name of the output; a folder is there already.
  public let writes: [String: String]

  /// A call of an action.
  public init(
    _ action: String, _ parameters: [String: JSONValue] = [:], reads: [String: [String]] = [:],
    writes: [String: String]
  ) {
    self.action = action
    self.parameters = parameters
    self.reads = reads
    self.writes = writes
  }
}

/// Makes the calls of one step; only a step whose isolation is `.platform` is given one.
public protocol PlatformCaller: Sendable {
  /// Makes a call, or finds that it was made, and leaves what the call gives.
  ///
  /// `log` gets a line for each thing that was sent. Throws what the platform refused, in words for
  /// the user, and when the run is cancelled.
  func perform(_ call: PlatformCall, log: @escaping @Sendable (String) -> Void) throws
}

/// A version of a data set on the platform: a small document of ids, which names what lies there.
///
/// Only steps of the platform read it; what needs the rows themselves brings them first. The document
/// is canonical JSON: the same batches give the same bytes on every machine.
public enum Remote<Held: ArtifactFormat>: ArtifactFormat {
  /// One for all versions, with the media type of what is held.
  public static var mediaType: String {
    "application/vnd.atelier.dataset-version+json; of=\(Held.mediaType)"
  }
  /// `json`.
  public static var fileExtension: String { "json" }
}

/// The bytes of a version as the platform gives them: a folder of Parquet files.
///
/// Their columns have the platform's types; a step of this machine turns them into a `Held`.
public enum Brought<Held: ArtifactFormat>: ArtifactFormat {
  /// A folder of files, with the media type of what they hold.
  public static var mediaType: String {
    "application/vnd.atelier.brought+directory; of=\(Held.mediaType)"
  }
  /// None: it is a folder.
  public static var fileExtension: String { "" }
  /// True: a folder is stored file by file.
  public static var isTree: Bool { true }
}
