// Rewrites a user's CSV for DuckDB: the wanted columns of each record, with its line in front.
import AtelierStep
import CSV

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a CSV file looks like, and which of its columns are wanted.
struct CanonicalCSV {
  /// What the user calls the file.
  let name: String
  var delimiter = UInt8(ascii: ",")
  /// Whether each row may be one quoted field that holds the whole row.
  var quotedRows = false
  /// The names of the columns of a file without a header; nil where the first record has them.
  var ownNames: [String]?
  /// Whether a record is named by its number, as a row of a workbook, in place of its line.
  var countsRecords = false

  /// What was written.
  struct Summary {
    let names: [String]
    /// Rows without any value, which are passed over.
    let blankRows: Int
    let rows: Int
  }

  /// Writes `line,field,...` with LF line ends for each record that has a value.
  ///
  /// `choose` gets the names of the columns and gives the places of those that are wanted.
  func write(
    _ path: String, to target: String, choose: ([String]) throws -> [Int]
  ) throws -> Summary {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    return try data.withUnsafeBytes { raw in
      let bytes = UnsafeBufferPointer(
        start: raw.baseAddress?.assumingMemoryBound(to: UInt8.self), count: raw.count)
      do {
        return try write(bytes, to: target, choose)
      } catch let error as CSVError {
        throw StepFailure(error.line == nil ? "\(name): \(error)" : "\(name), \(error)")
      }
    }
  }

  private func write(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: String, _ choose: ([String]) throws -> [Int]
  ) throws -> Summary {
    var reader = try CSVReader(bytes, delimiter: delimiter)
    var names = ownNames
    var wanted = try names.map(choose) ?? []
    var (blank, rows) = (0, 0)
    var output = try ScratchFile(target)
    while let outer = try reader.next() {
      if outer.isBlank {
        blank += 1
        continue
      }
      try unwrapped(outer) { record in
        guard let names else {
          let found = try header(record)
          wanted = try choose(found)
          names = found
          return
        }
        try check(record, outer, width: names.count)
        rows += 1
        try output.append { buffer in
          buffer.append(contentsOf: "\(countsRecords ? outer.number : outer.line)".utf8)
          for column in wanted {
            buffer.append(UInt8(ascii: ","))
            record.append(column, to: &buffer)
          }
          buffer.append(UInt8(ascii: "\n"))
        }
      }
    }
    try output.close()
    return Summary(names: names ?? [], blankRows: blank, rows: rows)
  }

  /// The record itself, or the one within its only field.
  private func unwrapped(_ record: CSVRecord, _ body: (CSVRecord) throws -> Void) throws {
    guard quotedRows, record.fields.count == 1, record.fields[0].isQuoted else {
      return try body(record)
    }
    try record.content(0).withUnsafeBufferPointer { bytes in
      var inner = try CSVReader(bytes, delimiter: delimiter)
      guard let row = try inner.next() else { return }
      guard try inner.next() == nil else {
        throw CSVError(
          line: record.line, "the quoted row has a line break in it; give one row a line")
      }
      try body(row)
    }
  }

  private func header(_ record: CSVRecord) throws -> [String] {
    let names = record.fields.indices.map { index in
      // Data frames are often written with a nameless column of row numbers.
      record.fields[index].isEmpty ? "column \(index + 1)" : record.text(index)
    }
    var seen: Set<String> = []
    if let twice = names.first(where: { !seen.insert($0).inserted }) {
      throw StepFailure(
        "\(name): the header has two columns '\(twice)'; give each column its own name")
    }
    return names
  }

  /// A delimiter after the last field is allowed.
  private func check(_ record: CSVRecord, _ outer: CSVRecord, width: Int) throws {
    let count = record.fields.count
    guard count == width || (count == width + 1 && record.fields[width].isEmpty) else {
      let place = countsRecords ? "row \(outer.number)" : "line \(outer.line)"
      throw StepFailure(
        "\(name), \(place): it has \(count) field\(count == 1 ? "" : "s"), and "
          + (ownNames == nil ? "the header has \(width)" : "\(width) are expected")
          + "; quote a field that holds the delimiter")
    }
  }
}

/// A file that is written from its beginning in large blocks.
private struct ScratchFile: ~Copyable {
  private static let blockSize = 1 << 20
  private let path: String
  private let stream: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []

  init(_ path: String) throws {
    guard let stream = fopen(path, "w") else {
      throw StepFailure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.stream = stream
    buffer.reserveCapacity(Self.blockSize * 2)
  }

  deinit { fclose(stream) }

  /// Adds what `body` appends.
  mutating func append(_ body: (inout [UInt8]) -> Void) throws {
    body(&buffer)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Writes the rest.
  mutating func close() throws {
    try flush()
    guard fflush(stream) == 0 else { throw failure }
  }

  private mutating func flush() throws {
    let written = buffer.withUnsafeBufferPointer { fwrite($0.baseAddress, 1, $0.count, stream) }
    guard written == buffer.count else { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }

  private var failure: StepFailure {
    StepFailure("cannot write \(path): \(String(cString: strerror(errno)))")
  }
}
