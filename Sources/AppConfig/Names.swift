// The names that the sample makes of project and entry.
import Documents

extension AppConfig {
  /// The name of an entry's stack: `<prefix>-<Name>`.
  public func stackName(of entry: Entry) -> String { "\(project.prefix)-\(entry.name)" }

  /// The bucket of an entry: lower case `<stack>-asset-<region>-<first 5 digits of the account>`, with
  /// `-` for `_`.
  ///
  /// - Throws: a `DocumentError` where S3 would not accept the name.
  public func bucket(of entry: Entry) throws -> String {
    let whole = "\(stackName(of: entry))-asset-\(project.region)-\(project.account.prefix(5))"
    let name = whole.lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
    guard (3...63).contains(name.utf8.count), !name.hasPrefix("-") else {
      throw DocumentError(
        file: file, member: entry.path("Name"),
        problem: "the bucket would be '\(name)', and a bucket's name has at most 63 characters and "
          + "begins with a letter or digit; shorten Project.Name, Project.Stage or this name")
    }
    return name
  }
}
