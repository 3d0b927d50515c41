// The bytes of an action result in the index: quick to read, where the file's JSON is for people.
import Content

extension ActionResult {
  /// The row's bytes.
  var rowBytes: [UInt8] {
    var out = RowWriter()
    out.add(document)
    out.add(Int64(exit))
    out.add(startedAt.milliseconds)
    out.add(Int64(bitPattern: seconds.bitPattern))
    out.add(host)
    out.add(Int64(versions.count))
    for (name, version) in versions {
      out.add(name)
      out.add(version)
    }
    out.add(Int64(outputs.count))
    for (name, record) in outputs {
      out.add(name)
      out.add(record.digest.bytes)
      out.add(record.size)
      out.add(record.mediaType)
      out.add(record.kind == .tree ? 1 : 0)
    }
    return out.bytes
  }

  /// Reads a row; nil for anything but whole bytes of `rowBytes`.
  init?(rowBytes: [UInt8], key: ActionKey) {
    var row = RowReader(rowBytes)
    guard let document = row.bytes(), let exit = row.integer().flatMap({ Int32(exactly: $0) }),
      let startedAt = row.integer(), let seconds = row.integer(), let host = row.text(),
      let versions = row.members({ $0.text() }),
      let outputs = row.members({ OutputRecord(row: &$0) }), row.isAtEnd
    else { return nil }
    self.init(
      key: key, document: document, outputs: outputs, exit: exit,
      startedAt: Timestamp(milliseconds: startedAt),
      seconds: Double(bitPattern: UInt64(bitPattern: seconds)), host: host, versions: versions)
  }
}

extension OutputRecord {
  fileprivate init?(row: inout RowReader) {
    guard let digest = row.bytes().flatMap({ Digest(bytes: $0) }), let size = row.integer(),
      let mediaType = row.text(), let kind = row.integer()
    else { return nil }
    self.init(digest: digest, size: size, mediaType: mediaType, kind: kind == 1 ? .tree : .file)
  }
}

private struct RowWriter {
  var bytes: [UInt8] = []

  mutating func add(_ value: Int64) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }

  mutating func add(_ part: [UInt8]) {
    add(Int64(part.count))
    bytes += part
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }
}

private struct RowReader {
  private let source: [UInt8]
  private var position = 0

  init(_ source: [UInt8]) { self.source = source }

  var isAtEnd: Bool { position == source.count }

  mutating func integer() -> Int64? {
    guard position + 8 <= source.count else { return nil }
    defer { position += 8 }
    return source.withUnsafeBytes {
      Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self))
    }
  }

  private mutating func range() -> Range<Int>? {
    guard let count = integer(), count >= 0, count <= source.count - position else { return nil }
    defer { position += Int(count) }
    return position..<position + Int(count)
  }

  mutating func bytes() -> [UInt8]? { range().map { Array(source[$0]) } }

  mutating func text() -> String? {
    range().map { String(decoding: source[$0], as: UTF8.self) }
  }

  mutating func members<Value>(
    _ value: (inout RowReader) -> Value?
  ) -> [String: Value]? {
    guard let count = integer(), count >= 0 else { return nil }
    var members: [String: Value] = [:]
    for _ in 0..<count {
      guard let name = text(), let value = value(&self) else { return nil }
      members[name] = value
    }
    return members
  }
}
