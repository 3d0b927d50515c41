// How a workshop takes files that arrive one by one. It watches nothing.

/// The settings by which a workshop names the place where files arrive, and takes one of them.
public struct Landing: Sendable, Hashable {
  /// A setting as `Section.key`.
  public struct Name: Sendable, Hashable, CustomStringConvertible {
    /// The section of the setting.
    public let section: String
    /// The key of the setting.
    public let key: String
    /// The setting as `Section.key`.
    public var description: String { "\(section).\(key)" }

    /// A setting by its section and key.
    public init(_ section: String, _ key: String) {
      self.section = section
      self.key = key
    }
  }

  /// Names the place: `s3://bucket/prefix`, an absolute folder, or a folder beside the deliveries,
  /// below bucket and prefix.
  public let place: Name
  /// Takes the path of a file's bytes in the run for it.
  public let file: Name
  /// Takes the file's name below the place, for titles and the places of outputs.
  public let object: Name
  /// The endings of names that are wanted, such as `.csv`.
  public let endings: [String]
  /// Are empty in the run for a file, such as the digest of another one.
  public let emptied: [Name]
  /// Takes the time at which the file arrived, the same one at every attempt.
  ///
  /// It is written as `2026-11-21T11:48:54.123Z`. Nil where the workshop does not ask.
  public let arrived: Name?

  /// The settings of an inbox.
  public init(
    place: Name, file: Name, object: Name, endings: [String], emptied: [Name] = [],
    arrived: Name? = nil
  ) {
    self.place = place
    self.file = file
    self.object = object
    self.endings = endings
    self.emptied = emptied
    self.arrived = arrived
  }
}
