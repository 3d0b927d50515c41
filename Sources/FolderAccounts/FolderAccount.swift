// An account that is a folder: its stacks, parameters and buckets. One call at a time changes it.
import Content
import FileTools
import Synchronization

/// What a folder refuses, as an account of AWS would.
package struct FolderRefusal: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// A folder that stands for an account.
///
/// `stacks/<name>.json` are its stacks, `parameters/<path>` what they publish, `buckets/<name>/` their
/// buckets. A change notes what it makes before it makes it, so a killed one is done again by the next
/// call. Of two calls that change the account one waits for the other, up to 30 s.
package struct FolderAccount: Sendable {
  /// The path of the folder; it need not be there.
  package let path: String
  /// The 12 digits that stand for an account's number: of the folder's name.
  package let id: String
  package let region: String
  /// Asked in front of every change, in tests.
  var pace: Pace?

  /// `typed` is the folder's name, the same on every machine.
  package init(path: String, typed: String, region: String) throws {
    self.path = path
    self.region = region
    id = try Self.id(of: typed)
  }

  /// Twelve digits out of a path as it was typed.
  package static func id(of typed: String) throws -> String {
    let digits = try Digest.of(typed).hex.prefix(15)
    let number = (UInt64(digits, radix: 16) ?? 0) % 1_000_000_000_000
    let text = String(number)
    return String(repeating: "0", count: 12 - text.utf8.count) + text
  }

  /// How often a call looks whether another one has ended, each 50 ms.
  private static let patience = 600

  // ---- reading ----

  /// All stacks by name, without foreign files; throws where a document is damaged.
  package func stacks() throws -> [FolderStack] {
    try entries().compactMap { try $0.stack.flatMap { try stack($0) } }
  }

  /// The names in `stacks/` that are not those of stacks, such as a note or a backup: they are left alone.
  package func foreignFiles() throws -> [String] {
    try entries().filter { $0.stack == nil }.map(\.file)
  }

  /// What is in `stacks/` beside drafts; `stack` is nil where the file's name is not that of one.
  private func entries() throws -> [(file: String, stack: String?)] {
    try (Disk.names(in: "\(path)/stacks") ?? []).sorted().compactMap { file in
      if file.hasSuffix(".atelier-new") { return nil }
      let name = String(file.dropLast(5))
      let status = try FileStatus("\(path)/stacks/\(file)", followingLinks: true)
      let isStack = file.hasSuffix(".json") && FolderNames.isStack(name) && status?.kind == .file
      return (file, isStack ? name : nil)
    }
  }

  /// A stack; nil where there is none.
  package func stack(_ name: String) throws -> FolderStack? {
    guard FolderNames.isStack(name) else {
      throw FolderRefusal("'\(name)' is not a valid name of a stack")
    }
    let file = document(name)
    guard let bytes = try Disk.read(file, atMost: 4 << 20) else { return nil }
    guard let stack = FolderStack(reading: bytes), stack.name == name else {
      throw FolderRefusal(
        "\(file): damaged, or not a stack; expected a stack '\(name)' as atelier wrote it. Restore the file, "
          + "remove it and deploy again, or move a file of your own elsewhere")
    }
    return stack
  }

  /// A published value; nil where there is none.
  package func parameter(_ name: String) throws -> String? {
    guard FolderNames.isParameter(name) else { return nil }
    guard let bytes = try Disk.read("\(path)/parameters\(name)", atMost: 1 << 16) else {
      return nil
    }
    return String(validating: bytes, as: UTF8.self)
  }

  // ---- changing ----

  /// Runs `body` while no other call changes the account; makes the folder.
  package func changing<Answer>(_ body: () throws -> Answer) throws -> Answer {
    let file = "\(path)/.atelier-lock"
    for _ in 0..<Self.patience {
      try Disk.makeFolders(path)
      if let lock = try FileLock.attempt(file) {
        defer { try? Disk.remove(file) }
        return try withExtendedLifetime(lock) { try body() }
      }
      Disk.pause(milliseconds: 50)
    }
    throw FolderRefusal("\(path): another call is changing this account; wait for its end")
  }

  /// What a deployment did.
  package enum Change: String, Sendable { case created, updated, unchanged, completed }

  /// What a deployment would do; it changes nothing.
  package func plan(
    _ name: String, template: JSONValue, parameters: [String: String], tags: [String: String]
  ) throws -> (change: Change, stack: FolderStack) {
    let now = try stack(name)
    let wished = try make(name, template, parameters, tags)
    guard let now else { return (.created, wished) }
    guard now.isSound else { return (.completed, wished) }
    var same = wished
    same.status = now.status
    return (same == now ? .unchanged : .updated, wished)
  }

  /// Brings a stack to a template; to be called within `changing`.
  package func deploy(
    _ name: String, template: JSONValue, parameters: [String: String], tags: [String: String]
  ) throws -> (change: Change, stack: FolderStack) {
    let now = try stack(name)
    var (change, wished) = try plan(
      name, template: template, parameters: parameters, tags: tags)
    if change == .unchanged { return (change, now ?? wished) }
    try refuseTaken(wished)
    let goal = now == nil || now?.status.hasPrefix("CREATE") == true ? "CREATE" : "UPDATE"
    // What is to be gone is still named until it is.
    let gone = (now?.resources ?? []).filter { old in
      !wished.resources.contains { $0.type == old.type && $0.identity == old.identity }
    }
    wished.status = "\(goal)_IN_PROGRESS"
    let complete = wished.resources
    wished.resources += gone
    try write(wished)
    for resource in complete { try realize(resource) }
    for resource in gone { try erase(resource) }
    wished.resources = complete
    wished.status = "\(goal)_COMPLETE"
    try write(wished)
    return (change, wished)
  }

  /// Removes a stack with what it made; whether there was one.
  ///
  /// To be called within `changing`.
  @discardableResult
  package func delete(_ name: String, emptying: Bool) throws -> Bool {
    guard var now = try stack(name) else {
      // What a killed removal left of folders.
      for part in ["parameters", "buckets", "stacks"] { try tidy(part) }
      return false
    }
    if !emptying {
      for bucket in now.resources where bucket.type == "AWS::S3::Bucket" {
        let held = try Disk.names(in: folder(ofBucket: bucket.identity)) ?? []
        guard held.isEmpty else {
          throw FolderRefusal("\(path): the bucket \(bucket.identity) is not empty")
        }
      }
    }
    now.status = "DELETE_IN_PROGRESS"
    try write(now)
    for resource in now.resources.reversed() { try erase(resource) }
    try remove("stacks/\(name).json")
    return true
  }

  /// Writes an object of a bucket, as a whole.
  package func put(_ bytes: [UInt8], key: String, bucket: String) throws {
    guard FolderNames.isBucket(bucket), FolderNames.isParameter("/" + key) else {
      throw FolderRefusal("'\(bucket)/\(key)' is not a valid name of an object")
    }
    let file = "\(folder(ofBucket: bucket))/\(key)"
    try refuseLink(to: "buckets/\(bucket)/\(key)")
    try Disk.makeFolders(Disk.parent(of: file))
    try ReplacedFile(file).write(bytes)
  }

  // ---- parts ----

  private func document(_ name: String) -> String { "\(path)/stacks/\(name).json" }

  private func folder(ofBucket name: String) -> String { "\(path)/buckets/\(name)" }

  private func write(_ stack: FolderStack) throws {
    try pace?.next()
    try refuseLink(to: "stacks/\(stack.name).json")
    try Disk.makeFolders("\(path)/stacks")
    try ReplacedFile(document(stack.name)).write(stack.json.canonicalBytes())
  }

  /// The stack that a template gives, complete.
  private func make(
    _ name: String, _ template: JSONValue, _ parameters: [String: String],
    _ tags: [String: String]
  ) throws -> FolderStack {
    let partition = region.hasPrefix("cn-") ? "aws-cn" : "aws"
    let values = try TemplateValues(
      template, parameters,
      .init(
        account: id, region: region, partition: partition, stack: name,
        stackID: "arn:\(partition):cloudformation:\(region):\(id):stack/\(name)",
        published: { try parameter($0) }))
    var resources: [FolderStack.Resource] = []
    for (logical, part) in (template["Resources"]?.object ?? [:]).sorted(by: { $0.key < $1.key })
    where try values.isWanted(part) {
      resources.append(
        FolderStack.Resource(
          name: logical, type: part["Type"]?.string ?? "",
          identity: try values.identity(logical),
          properties: try values.resolved(part["Properties"] ?? .object([:]))))
    }
    var outputs: [String: String] = [:]
    for (logical, part) in template["Outputs"]?.object ?? [:] where try values.isWanted(part) {
      outputs[logical] = try values.resolved(part["Value"] ?? .null).string ?? ""
    }
    return FolderStack(
      name: name, status: "CREATE_COMPLETE", template: template, parameters: parameters,
      outputs: outputs, tags: tags, resources: resources)
  }

  /// Types of which an account has one of a name.
  private static let unique: Set<String> = [
    "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::S3::Bucket", "AWS::SSM::Parameter",
    "AWS::KMS::Alias", "AWS::SageMaker::UserProfile", "AWS::SageMaker::ModelPackageGroup",
    "AWS::ECR::Repository", "AWS::CodeCommit::Repository",
  ]

  private func refuseTaken(_ wished: FolderStack) throws {
    for other in try stacks() where other.name != wished.name {
      for one in other.resources where Self.unique.contains(one.type) {
        guard
          wished.resources.contains(where: { $0.type == one.type && $0.identity == one.identity })
        else { continue }
        throw FolderRefusal(
          "\(path): \(one.identity) (\(one.type)) is already of the stack \(other.name)")
      }
    }
  }

  private func realize(_ resource: FolderStack.Resource) throws {
    try pace?.next()
    switch resource.type {
    case "AWS::SSM::Parameter":
      guard FolderNames.isParameter(resource.identity) else {
        throw FolderRefusal("'\(resource.identity)' is not a valid name of a parameter")
      }
      let file = "\(path)/parameters\(resource.identity)"
      try refuseLink(to: "parameters\(resource.identity)")
      try Disk.makeFolders(Disk.parent(of: file))
      try ReplacedFile(file).write(Array((resource.properties["Value"]?.string ?? "").utf8))
    case "AWS::S3::Bucket":
      guard FolderNames.isBucket(resource.identity) else {
        throw FolderRefusal(
          "'\(resource.identity)' is not a valid name of a bucket, which has 3 to 63 small letters, "
            + "digits, '.' and '-'")
      }
      try refuseLink(to: "buckets/\(resource.identity)")
      try Disk.makeFolders(folder(ofBucket: resource.identity))
    default: break
    }
  }

  /// Removes what `realize` made, and the folders around it that are empty then.
  private func erase(_ resource: FolderStack.Resource) throws {
    switch resource.type {
    case "AWS::SSM::Parameter" where FolderNames.isParameter(resource.identity):
      try remove("parameters\(resource.identity)")
    case "AWS::S3::Bucket" where FolderNames.isBucket(resource.identity):
      try refuseLink(to: "buckets/\(resource.identity)")
      try pace?.next()
      try Disk.remove(folder(ofBucket: resource.identity))
      try tidy("buckets")
    default: break
    }
  }

  /// Removes a file below the account's folder, and what a killed writer left beside it.
  private func remove(_ file: String) throws {
    try refuseLink(to: file)
    try pace?.next()
    try Disk.remove("\(path)/\(file)")
    let folder = Disk.parent(of: file)
    try Disk.remove("\(path)/\(folder)/.\(file.dropFirst(folder.utf8.count + 1)).atelier-new")
    try tidy(folder)
  }

  /// Removes a folder below the account's, and those around it, as far as they are empty.
  private func tidy(_ folder: String) throws {
    var folder = folder
    while folder != "." {
      try pace?.next()
      guard Disk.removeEmptyFolder("\(path)/\(folder)") else { return }
      folder = Disk.parent(of: folder)
    }
  }

  /// Nothing is made or removed through a symbolic link, which leads to what is not the account's.
  private func refuseLink(to file: String) throws {
    var folder = Disk.parent(of: file)
    while folder != "." {
      let status = try FileStatus("\(path)/\(folder)", followingLinks: false)
      guard status?.kind != .symlink else {
        throw FolderRefusal(
          "\(path)/\(folder) is a symbolic link; what it leads to is not changed. Replace it by a folder, "
            + "and call again")
      }
      folder = Disk.parent(of: folder)
    }
  }
}

/// Counts changes, and ends the call in front of one of them, as a kill would.
final class Pace: Sendable {
  struct Cut: Error {}

  private let left: Atomic<Int>

  init(failingAt number: Int) { left = Atomic(number) }

  func next() throws {
    guard left.subtract(1, ordering: .relaxed).oldValue > 0 else { throw Cut() }
  }
}
