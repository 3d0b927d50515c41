// The project of an app-config document: its name, stage, account, region and profile.
import Documents

extension AppConfig {
  /// What all entries of a document share.
  public struct Project: Sendable, Hashable {
    /// The project's name.
    public let name: String
    /// The stage, such as `Demo`.
    public let stage: String
    /// The account: 12 digits, or the first of them and `*` for each of the others.
    public let account: String
    /// The region.
    public let region: String
    /// The profile of the shared AWS files; nil for the environment's.
    public let profile: String?

    /// Name and stage, with which the names of all resources begin.
    public var prefix: String { name + stage }

    static let members = ["Name", "Stage", "Account", "Region", "Profile"]

    init(_ member: DocumentMember) throws {
      name = try member.member("Name").resourceName()
      stage = try member.member("Stage").resourceName()
      account = try member.member("Account").account()
      region = try member.member("Region").region()
      let profile = try member.optional("Profile")
      self.profile = try profile?.value == "" ? nil : profile?.line()
    }
  }
}

extension DocumentMember {
  /// Letters, digits, `-` and `_`, as a part of names that are made of it.
  func resourceName() throws -> String {
    guard let text = value.string, !text.isEmpty,
      text.utf8.allSatisfy({ Self.isLetterOrDigit($0) || $0 == 45 || $0 == 95 })
    else { throw expected("letters, digits, '-' and '_'") }
    return text
  }

  /// 12 digits; the sample has `*` for the last ones, of which no name is made.
  fileprivate func account() throws -> String {
    let text = value.string ?? ""
    let digits = text.utf8.prefix { (48...57).contains($0) }
    let rest = text.utf8.dropFirst(digits.count)
    guard text.utf8.count == 12, digits.count >= 5, rest.allSatisfy({ $0 == 42 }) else {
      throw expected("the 12 digits of an account as a text (of the last seven each may be '*')")
    }
    return text
  }

  fileprivate func region() throws -> String {
    let text = value.string ?? ""
    guard text.utf8.contains(45), text.utf8.count < 64,
      text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    else { throw expected("a region such as eu-central-1") }
    return text
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}
