// A stack as it shall be in one account, and as it is there.
import Content

/// A stack that an account shall have.
package struct AccountStack: Sendable, Hashable {
  /// What a stack is for, in the order in which they are made; the reverse is that of removal.
  package enum Kind: String, CaseIterable, Sendable, Comparable {
    case bootstrap, administration, execution, platform, network, studio, tagging, access, assets
    case catalogue, sharing, project, ingestion, user

    package static func < (one: Kind, other: Kind) -> Bool {
      (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }
  }

  /// A text that has to be in a bucket before the stack is made.
  package struct Asset: Sendable, Hashable {
    package var bucket: String
    package var key: String
    package var text: String

    package init(bucket: String, key: String, text: String) {
      self.bucket = bucket
      self.key = key
      self.text = text
    }
  }

  package var name: String
  package var kind: Kind
  /// Canonical JSON.
  package var template: String
  package var parameters: [String: String]
  /// The user's tags and ours.
  package var tags: [String: String]
  package var assets: [Asset]

  package init(
    name: String, kind: Kind, template: String, parameters: [String: String] = [:],
    tags: [String: String], assets: [Asset] = []
  ) {
    self.name = name
    self.kind = kind
    self.template = template
    self.parameters = parameters
    self.tags = tags
    self.assets = assets
  }
}

/// The tags by which our stacks are known.
package enum AccountTags {
  /// The set that made a stack.
  package static let set = "atelier:accounts"
  /// Its kind.
  package static let kind = "atelier:stack"
  /// The project that it belongs to.
  package static let project = "atelier:project"
}

/// A stack that is in an account.
package struct PresentStack: Sendable, Hashable {
  package var name: String
  package var status: String
  package var parameters: [String: String]
  package var outputs: [String: String]
  package var tags: [String: String]

  /// The set that made it; nil where it was made otherwise.
  package var set: String? { tags[AccountTags.set] }
  package var kind: AccountStack.Kind? {
    tags[AccountTags.kind].flatMap { AccountStack.Kind(rawValue: $0) }
  }
  package var isSound: Bool {
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"].contains(status)
  }
  /// Whether it holds nothing yet: its first change set was not executed.
  package var isEmpty: Bool { status == "REVIEW_IN_PROGRESS" }
}

/// What is to be done with a stack.
package enum StackIntent: String, Sendable {
  case create, update, resume, keep
  /// It is there and was made by someone else: a bootstrap of the CDK.
  case adopt
}

/// What an account refuses, with what to do.
package struct AccountRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// An account in which stacks are made: one of AWS, or a folder.
///
/// Every call may be repeated: what is done already stays as it is. Calls block.
package protocol StackAccount: Sendable {
  /// The 12 digits; of a folder those that stand for it.
  var id: String { get }
  /// As the user typed it.
  var label: String { get }
  var isFolder: Bool { get }
  func all() throws -> [PresentStack]
  func find(_ name: String) throws -> PresentStack?
  /// Whether a stack is as it shall be.
  func isCurrent(_ stack: AccountStack, _ present: PresentStack) throws -> Bool
  /// Makes, changes or completes a stack, and waits; reports events as they come.
  func deploy(_ stack: AccountStack, say: (String) -> Void) throws -> PresentStack
  /// Removes a stack with all that is in it, and waits; what is left, a line each.
  func remove(_ name: String, say: (String) -> Void) throws -> [String]
  /// Puts a text into a bucket, unless it is there.
  func put(_ asset: AccountStack.Asset) throws
  /// A published value; nil where there is none.
  func parameter(_ name: String) throws -> String?
}
