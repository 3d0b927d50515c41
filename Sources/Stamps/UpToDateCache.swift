// What was found to be up to date, kept under the digest of what was asked, with the stamps it rests on.
import Content
import FileIndex
import FileTools
import LocalStores
import StoreFolder

/// An answer, and the stamps that must be unchanged for it to hold.
package struct UpToDateEntry: Hashable, Sendable {
  package let answer: [UInt8]
  package let stamps: FileStamps

  package init(answer: [UInt8], stamps: FileStamps) {
    self.answer = answer
    self.stamps = stamps
  }
}

/// Answers that hold as long as their stamps are unchanged, as `.atelier/current/<digest of the question>`.
///
/// An entry saves work and is never the truth: one that is missing, damaged or out of date answers
/// nothing, and the caller checks everything.
package struct UpToDateCache: Sendable {
  private static let magic = Array("atelier current 1\n".utf8)
  /// Files of entries that are kept, two a question.
  private static let most = 128

  private let layout: StoreLayout

  /// The cache of the store in a folder, which need not exist.
  package init(root: String) { layout = StoreLayout(root: root) }

  /// What was remembered under a question, if every witness is as it was.
  package func load(_ question: Digest) -> UpToDateEntry? {
    // Whoever removed all results wants them made again.
    guard (try? FileStatus(layout.actions, followingLinks: true))?.kind == .folder,
      let body = read(question.hex)
    else { return nil }
    var row = RowReader(body)
    guard let answer = row.bytes(), let stamps = FileStamps(row: &row), row.isAtEnd,
      stamps.areUnchanged(in: layout)
    else { return nil }
    return UpToDateEntry(answer: answer, stamps: stamps)
  }

  /// The detail that was remembered with an answer, or nil.
  package func detail(_ question: Digest) -> [UInt8]? { read(question.hex + Self.detail) }

  /// Remembers an answer, and a detail that is read only when it is asked for.
  package func store(_ question: Digest, _ entry: UpToDateEntry, detail: [UInt8]? = nil) throws {
    try Disk.makeFolder(layout.current)
    if let detail {
      try removeOldest()
      try write(detail, to: question.hex + Self.detail)
    }
    var row = RowWriter()
    row.add(entry.answer)
    entry.stamps.write(to: &row)
    try write(row.bytes, to: question.hex)
  }

  /// The name of the newest run record, or nil.
  package func newestRun() -> String? {
    (try? Disk.names(in: layout.runs))?.filter { $0.hasSuffix(".json") }.max()
  }

  /// Removes entries that hold no more, with their details; how many.
  package func prune() throws -> Int {
    var count = 0
    for name in try Disk.names(in: layout.current) ?? [] {
      let hex = name.hasSuffix(Self.detail) ? String(name.dropLast(Self.detail.count)) : name
      if let question = Digest(hex), load(question) != nil { continue }
      try Disk.remove("\(layout.current)/\(name)")
      if hex == name { count += 1 }
    }
    return count
  }

  private static let detail = ".detail"

  /// The body of a sealed file.
  private func read(_ name: String) -> [UInt8]? {
    let start = Self.magic.count
    guard
      let bytes = try? Disk.readDocument(
        "\(layout.current)/\(name)", atMost: ByteLimit.record), bytes.count >= start + 32,
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

  private func removeOldest() throws {
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
