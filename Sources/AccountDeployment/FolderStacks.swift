// A folder as an account in which stacks are made.
import Content
import FileTools
import FolderAccounts

/// A folder that stands for an account.
package struct FolderStacks: StackAccount {
  private let folder: FolderAccount
  package let label: String

  package var id: String { folder.id }
  package var isFolder: Bool { true }

  package init(_ folder: FolderAccount, label: String) {
    self.folder = folder
    self.label = label
  }

  package func all() throws -> [PresentStack] { try folder.stacks().map(Self.present) }

  package func find(_ name: String) throws -> PresentStack? {
    try folder.stack(name).map(Self.present)
  }

  package func isCurrent(_ stack: AccountStack, _ present: PresentStack) throws -> Bool {
    try folder.plan(
      stack.name, template: JSONValue(parsing: stack.template), parameters: stack.parameters,
      tags: stack.tags
    ).change == .unchanged
  }

  package func deploy(_ stack: AccountStack, say: (String) -> Void) throws -> PresentStack {
    try folder.changing {
      let done = try folder.deploy(
        stack.name, template: JSONValue(parsing: stack.template), parameters: stack.parameters,
        tags: stack.tags)
      return Self.present(done.stack)
    }
  }

  package func remove(_ name: String, say: (String) -> Void) throws -> [String] {
    try folder.changing { _ = try folder.delete(name, emptying: true) }
    return []
  }

  package func put(_ asset: AccountStack.Asset) throws {
    try folder.changing {
      try folder.put(Array(asset.text.utf8), key: asset.key, bucket: asset.bucket)
    }
  }

  package func parameter(_ name: String) throws -> String? { try folder.parameter(name) }

  private static func present(_ stack: FolderStack) -> PresentStack {
    PresentStack(
      name: stack.name, status: stack.status, parameters: stack.parameters,
      outputs: stack.outputs, tags: stack.tags)
  }
}
