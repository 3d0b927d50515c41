// What the verbs about access share.
import AccessPolicies
import Accounts
import CommandLine
import FolderAccounts

enum AccessOptions {
  static let project = Option("project-name", value: "NAME", "the project of WHO")

  /// Texts KEY=VALUE by key.
  static func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw UsageError("\(option) takes KEY=VALUE, not '\(text)'")
      }
      let key = String(text[..<equals])
      guard pairs[key] == nil else { throw UsageError("\(option) gives '\(key)' twice") }
      pairs[key] = String(text[text.index(after: equals)...])
    }
    return pairs
  }
}

extension AccessNames {
  /// The names in the accounts of a set.
  init(_ set: AccountSet) { self.init(prefix: set.prefix, partition: set.partition) }
}

extension AccountPlace {
  /// The 12 digits of the account, or those that stand for a folder.
  func accountID() throws -> String {
    switch self {
    case .account(let id): id
    case .folder(let path): try FolderAccount.id(of: path)
    }
  }
}
