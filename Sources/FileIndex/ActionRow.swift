// The bytes of an action result in the index: quick to read, where the file's JSON is for people.
import Content

extension ActionResult {
  /// The row's bytes.
  package var rowBytes: [UInt8] {
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
  package init?(rowBytes: [UInt8], key: ActionKey) {
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
