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
  /// The keys of the pipelines under `Stack`, at least one.
  public let keys: [String]
  private let members: [String: DocumentMember]
  private let unreadAround: [DocumentMember]

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
    keys = entries.map(\.name)
    members = Dictionary(entries.map { ($0.name, $0.member) }, uniquingKeysWith: { $1 })
    unreadAround = unread
  }

  /// The members that are not known and have no effect, as sentences: around the entries, and in one.
  public func unread(in entry: Entry) throws -> [String] {
    let own = try members[entry.key]?.unknownMembers(Entry.members) ?? []
    return (unreadAround + own).map { "\($0.error("unknown member, which has no effect"))" }
  }

  /// The entry of a key, or the only one where `key` is empty; others are not read.
  ///
  /// `setting` is what chooses among several, such as `[Churn] app_config_entry`.
  public func entry(_ key: String, chosenBy setting: String) throws -> Entry {
    let all = keys.joined(separator: ", ")
    let chosen = key.isEmpty && keys.count == 1 ? keys[0] : key
    guard !chosen.isEmpty else {
      throw DocumentError(
        file: file, member: "Stack",
        problem: "has \(keys.count) entries; choose one by the setting \(setting): \(all)")
    }
    guard let member = members[chosen] else {
      throw DocumentError(
        file: file, member: "Stack",
        problem: "there is no entry '\(chosen)', which the setting \(setting) chooses; there is "
          + all)
    }
    return try Entry(key: chosen, member)
  }
}
