// What was found current, remembered under a question together with its witnesses.
import Content
import FileIndex
import FileTools
import LocalStores

/// An answer, and what must be as it was for it to hold.
public struct Mark: Hashable, Sendable {
  public let answer: [UInt8]
  public let witnesses: Witnesses

  public init(answer: [UInt8], witnesses: Witnesses) {
    self.answer = answer
    self.witnesses = witnesses
  }
}

/// Answers that hold as long as their witnesses do, as `.atelier/current/<question>`.
///
/// A mark saves work and is never the truth: one that is missing, damaged or out of date answers
/// nothing, and the caller looks at everything.
public struct CurrentMarks: Sendable {
  private static let magic = Array("atelier current 1\n".utf8)
  /// Files of marks that are kept, two a question.
  private static let most = 128

  private let layout: StoreLayout

  /// The marks of the store in a folder, which need not exist.
  public init(root: String) { layout = StoreLayout(root: root) }

  /// What was remembered under a question, if every witness is as it was.
  public func recall(_ question: Digest) -> Mark? {
    // Whoever removed all results wants them made again.
    guard (try? FileStatus(layout.actions, followingLinks: true))?.kind == .folder,
      let body = read(question.hex)
    else { return nil }
    var row = RowReader(body)
    guard let answer = row.bytes(), let witnesses = Witnesses(row: &row), row.isAtEnd,
      witnesses.stand(in: layout)
    else { return nil }
    return Mark(answer: answer, witnesses: witnesses)
  }

  /// The detail that was remembered with an answer, or nil.
  public func detail(_ question: Digest) -> [UInt8]? { read(question.hex + Self.detail) }

  /// Remembers an answer, and a detail that is read only when it is asked for.
  public func remember(_ question: Digest, _ mark: Mark, detail: [UInt8]? = nil) throws {
    try Disk.makeFolder(layout.current)
    if let detail {
      try forgetOldest()
      try write(detail, to: question.hex + Self.detail)
    }
    var row = RowWriter()
    row.add(mark.answer)
    mark.witnesses.write(to: &row)
    try write(row.bytes, to: question.hex)
  }

  /// The name of the newest run record, or nil.
  public func newestRun() -> String? {
    (try? Disk.names(in: layout.runs))?.filter { $0.hasSuffix(".json") }.max()
  }

  /// Removes marks that hold no more, with their details; how many.
  public func forgetFallen() throws -> Int {
    var count = 0
    for name in try Disk.names(in: layout.current) ?? [] {
      let hex = name.hasSuffix(Self.detail) ? String(name.dropLast(Self.detail.count)) : name
      if let question = Digest(hex), recall(question) != nil { continue }
      try Disk.remove("\(layout.current)/\(name)")
      if hex == name { count += 1 }
    }
    return count
  }

  private static let detail = ".detail"

  /// The body of a sealed file.
  private func read(_ name: String) -> [UInt8]? {
    let start = Self.magic.count
    guard let bytes = try? Disk.read("\(layout.current)/\(name)"), bytes.count >= start + 32,
      bytes.starts(with: Self.magic)
    else { return nil }
    let body = Array(bytes[(start + 32)...])
    guard (try? Digest.of(body))?.bytes == Array(bytes[start..<start + 32]) else { return nil }
    return body
  }

  private func write(_ body: [UInt8], to name: String) throws {
    let draft = "\(layout.temporary)/\(RandomName.make())"
    try Disk.write(Self.magic + Digest.of(body).bytes + body, to: draft)
    try Disk.move(draft, to: "\(layout.current)/\(name)")
  }

  private func forgetOldest() throws {
    let names = try Disk.names(in: layout.current) ?? []
    guard names.count >= Self.most else { return }
    let aged = try names.map { name in
      (
        name,
        try FileStatus("\(layout.current)/\(name)", followingLinks: false)?.identity.mtime ?? 0
      )
    }
    for (name, _) in aged.sorted(by: { $0.1 < $1.1 }).prefix(names.count / 2) {
      try Disk.remove("\(layout.current)/\(name)")
    }
  }
}
