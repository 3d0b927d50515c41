// The people of `[Accounts] people`: who has which permission set, for which project.
import AccessPolicies
import CommandLine
import Content
import Documents
import Names
import Project
import ProjectTemplates

/// Who asks: somebody of the file, or somebody with a permission set.
struct Person {
  let subject: AccessSubject
  /// Tags by name.
  let tags: [String: String]

  /// Reads WHO.
  init(_ word: String, people: People) throws {
    if let set = PermissionSet(rawValue: word) {
      (subject, tags) = (.person(set), [:])
    } else if word.hasPrefix("role:"), word.count > 5 {
      let project = String(word.dropFirst(5))
      subject = .projectRole(project)
      tags = [AccessTag.project.rawValue: project]
    } else if word.hasPrefix("service:"), word.count > 8 {
      (subject, tags) = (.service(String(word.dropFirst(8))), [:])
    } else if let entry = people.entries[word.lowercased()] {
      (subject, tags) = (.person(entry.set), entry.tags)
    } else {
      let sets = PermissionSet.allCases.map(\.rawValue)
      throw UsageError(
        "nobody is known as '\(word)'; expected \(sets.joined(separator: ", ")), role:PROJECT, "
          + "service:NAME, or a mail of \(people.file ?? "[Accounts] people, which is empty")."
          + Suggestion.text(for: word, among: sets + people.entries.keys.sorted()))
    }
  }
}

/// The file of people: a list of objects with mail, set, project and cost_center.
struct People {
  struct Entry {
    let set: PermissionSet
    let tags: [String: String]
  }

  /// By mail in small letters: capital ones make no other person.
  private(set) var entries: [String: Entry] = [:]
  /// As typed; nil where there is none.
  private(set) var file: String?

  init() {}

  /// - Throws: `DocumentError` with the position of what is wrong.
  init(parsing bytes: [UInt8], file: String) throws {
    self.file = file
    for row in try DocumentMember(parsing: bytes, file: file).elements() {
      try row.checkMembers(["mail", "set", "project", "cost_center"])
      let mail = try row.member("mail").line()
      guard UserMail(mail) != nil else {
        throw try row.member("mail").expected("a mail address such as ann@example.com")
      }
      let word = try row.member("set")
      guard let set = try PermissionSet(rawValue: word.line()) else {
        throw word.expected(
          "one of \(PermissionSet.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard entries[mail.lowercased()] == nil else {
        throw try row.member("mail").error("is there twice (capital letters make no other person)")
      }
      for key in ["project", "cost_center"] {
        guard try LegibleText.isName(row.member(key).line()) else {
          throw try row.member(key).expected("a name that can be seen")
        }
      }
      entries[mail.lowercased()] = Entry(
        set: set,
        tags: [
          AccessTag.mail.rawValue: mail,
          AccessTag.project.rawValue: try row.member("project").line(),
          AccessTag.costCenter.rawValue: try row.member("cost_center").line(),
        ])
    }
  }
}

extension Session {
  /// The people of `[Accounts] people`; none where it is empty.
  func people() throws -> People {
    guard let (file, bytes) = try peopleFile() else { return People() }
    return try People(parsing: bytes, file: file)
  }
}
