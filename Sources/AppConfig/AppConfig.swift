// The app-config JSON of the SageMaker churn sample as values. It knows nothing of settings.
import Documents

/// A project, and one entry a pipeline of it.
///
/// `Global` and members that are not known are not read; `unread` names the latter.
public struct AppConfig: Sendable {
  /// The document's name, as typed.
  public let file: String
  /// What all entries share.
  public let project: Project
  /// The pipelines by their keys under `Stack`, at least one.
  public let entries: [Entry]
  /// The members that are not known and have no effect, as sentences.
  public let unread: [String]

  /// Reads a document.
  ///
  /// - Throws: a `DocumentError` that names the member and what was expected.
  public init(parsing bytes: [UInt8], file: String) throws {
    let root = try DocumentMember(parsing: bytes, file: file)
    self.file = file
    var unread = try root.unknownMembers(["Project", "Stack", "Global"])
    let project = try root.member("Project")
    unread += try project.unknownMembers(Project.members)
    self.project = try Project(project)
    let stack = try root.member("Stack")
    let entries = try stack.members()
    guard !entries.isEmpty else {
      throw stack.error("expected an entry for each pipeline, found none")
    }
    for (_, member) in entries { unread += try member.unknownMembers(Entry.members) }
    self.entries = try entries.map { try Entry(key: $0.name, $0.member) }
    self.unread = unread.map { "\($0.error("unknown member, which has no effect"))" }
  }

  /// The entry of a key, or the only one where `key` is empty.
  ///
  /// `setting` is what chooses among several, such as `[Churn] app_config_entry`.
  public func entry(_ key: String, chosenBy setting: String) throws -> Entry {
    let keys = entries.map(\.key).joined(separator: ", ")
    if key.isEmpty, entries.count == 1 { return entries[0] }
    guard !key.isEmpty else {
      throw DocumentError(
        file: file, member: "Stack",
        problem: "has \(entries.count) entries; choose one by the setting \(setting): \(keys)")
    }
    guard let entry = entries.first(where: { $0.key == key }) else {
      throw DocumentError(
        file: file, member: "Stack",
        problem: "there is no entry '\(key)', which the setting \(setting) chooses; there is "
          + keys)
    }
    return entry
  }
}
