// What an action gave: a value. It knows neither where it is kept nor how keys are made.

/// The result of an action that succeeded, with the document that its key is the digest of.
public struct ActionResult: Hashable, Sendable {
  /// The key of the action.
  public let key: ActionKey
  /// The canonical key document's bytes.
  public let document: [UInt8]
  /// The outputs by name.
  public let outputs: [String: OutputRecord]
  /// 0: failures are never cached.
  public let exit: Int32
  /// When the action started.
  public let startedAt: Timestamp
  /// How long the action ran.
  public let seconds: Double
  /// The machine that ran it.
  public let host: String
  /// Version texts of the programs used, for display only.
  public let versions: [String: String]

  /// The result of an action.
  public init(
    key: ActionKey, document: [UInt8], outputs: [String: OutputRecord], exit: Int32 = 0,
    startedAt: Timestamp, seconds: Double, host: String, versions: [String: String] = [:]
  ) {
    self.key = key
    self.document = document
    self.outputs = outputs
    self.exit = exit
    self.startedAt = startedAt
    self.seconds = seconds
    self.host = host
    self.versions = versions
  }

  /// The result for whoever needs its outputs only.
  public var withoutDocument: ActionResult {
    ActionResult(
      key: key, document: [], outputs: outputs, exit: exit, startedAt: startedAt,
      seconds: seconds, host: host, versions: versions)
  }

  /// The key document as JSON; nil where it is damaged.
  public var keyDocument: JSONValue? { try? JSONValue(parsing: document) }
}
