// What was found current, remembered under a question together with its witnesses.
import Content

/// Answers that hold as long as their witnesses do, as `.atelier/current/<question>`.
///
/// A mark saves work and is never the truth: one that is missing, damaged or out of date answers
/// nothing, and the caller looks at everything.
public struct CurrentMarks: Sendable {
  private static let magic = Array("atelier current 1\n".utf8)
  /// Marks of other questions that are kept.
  private static let most = 64

  private let layout: StoreLayout

  /// The marks of the store in a folder, which need not exist.
  public init(root: String) { layout = StoreLayout(root: root) }

  /// The answer that was remembered, if every witness is as it was.
  public func recall(_ question: Digest) -> [UInt8]? {
    // Whoever removed all results wants them made again.
    guard (try? FileStatus(layout.actions, followingLinks: true))?.kind == .folder,
      let bytes = try? Disk.read(path(question)), bytes.starts(with: Self.magic)
    else { return nil }
    let body = bytes.dropFirst(Self.magic.count + 32)
    guard bytes.count >= Self.magic.count + 32,
      let seal = try? Digest.of(Array(body)),
      seal.bytes == Array(bytes[Self.magic.count..<Self.magic.count + 32])
    else { return nil }
    var row = RowReader(Array(body))
    guard let answer = row.bytes(), let witnesses = Witnesses(row: &row), row.isAtEnd,
      witnesses.stand(in: layout)
    else { return nil }
    return answer
  }

  /// Remembers an answer.
  public func remember(_ question: Digest, answer: [UInt8], witnesses: Witnesses) throws {
    var row = RowWriter()
    row.add(answer)
    witnesses.write(to: &row)
    try Disk.makeFolder(layout.current)
    try forgetOldest()
    let draft = "\(layout.temporary)/\(RandomName.make())"
    try Disk.write(Self.magic + Digest.of(row.bytes).bytes + row.bytes, to: draft)
    try Disk.move(draft, to: path(question))
  }

  private func path(_ question: Digest) -> String { "\(layout.current)/\(question.hex)" }

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
