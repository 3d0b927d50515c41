// `atelier model invoke`: sends rows to a served model and prints input, label and prediction.
import CSystem
import CommandLine
import Content
import HTTP
import LocalStores
import Project
import RowFormats
import Serve
import StoreFolder
import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

package struct InvokeVerb: Verb {
  enum Side: String, CaseIterable { case first, last }
  enum Form: String, CaseIterable { case table, csv, json }

  package let name = "invoke"
  package let summary = "send rows to a served model; print input, label and prediction"
  package let details = """
    With a workshop or --endpoint the rows go to that endpoint's server on this machine. Rows that stand
    in quotes as a whole are taken, as in the churn workshop's file.
    Exits 2 when the rows are rejected, with the server's reason.
    """
  package let examples = [
    Example(
      "atelier model invoke --input test.csv --label first --limit 5", "five rows and their labels"),
    Example("echo 1,2,3 | atelier model invoke --url http://127.0.0.1:8080", "one row"),
  ]
  let workshop = Shared.workshop
  let url = Option(
    "url", value: "URL", "where the model is served (default http://127.0.0.1:8080)")
  let endpoint = ServeOptions.endpoint
  let contentType = ServeOptions.contentType
  let input = Option(
    "input", value: "FILE", completion: .files, "rows; - is standard input (default)")
  let label = Option<Side>("label", value: "SIDE", "that column is the label: shown, not sent")
  let limit = Shared.limit("send only this many rows")
  let batch = Option("batch", value: "ROWS", in: 1...1_000_000, "rows a request (default 1000)")
  let format = Option<Form>(
    "format", value: "FORMAT", "table (default), csv, or json, an object a line")

  package var parameters: [any Parameter] {
    [workshop, url, endpoint, contentType, input, label, limit, batch, format]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let url = try address(call, context)
    // libcurl would send even these through a proxy that the environment names.
    if url.isOnThisMachine { setenv("no_proxy", "*", 1) }
    let format = call[contentType] ?? .csv
    let label = call[label]
    guard [.csv, .jsonLines].contains(format) else {
      throw UsageError("--content-type takes text/csv or application/jsonlines here")
    }
    if label != nil, format != .csv {
      throw UsageError("--label goes with --content-type text/csv only")
    }
    let limit = call[limit] ?? .max
    let batch = call[batch] ?? 1000
    let path = call[input] ?? "-"
    var bytes = try FileSystem.read(path == "-" ? "/dev/stdin" : path)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var rows: [InvokedRow] = []
    for (index, line) in Self.lines(bytes).enumerated().prefix(limit) {
      let line = format == .csv ? Self.unquoted(line) : line
      rows.append(try InvokedRow(line, label, number: index + 1))
    }
    guard !rows.isEmpty else { throw UsageError("the input holds no row") }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + batch)
      let answers = try Self.ask(url, format, rows[start..<end].map(\.sent), from: start + 1)
      for (index, answer) in answers.enumerated() { rows[start + index].prediction = answer }
      start = end
    }
    try Self.show(rows, call[self.format] ?? .table, hasLabel: label != nil, context.output)
    return ExitCode.success
  }

  /// Where the model is served: as told, as the endpoint's server says, or SageMaker's port here.
  private func address(_ call: Call, _ context: VerbContext) throws -> ServiceURL {
    if let told = call[url] {
      guard let url = ServiceURL(told) else {
        throw UsageError("--url takes http[s]://host[:port][/path], not '\(told)'")
      }
      return url
    }
    guard !call[workshop].isEmpty || call[endpoint] != nil || call.workshop != nil else {
      return ServiceURL(scheme: "http", host: "127.0.0.1", port: 8080)
    }
    let session = try Session(call, workshop: workshop, context)
    let name = call[endpoint] ?? session.workshop.name
    let folder = EndpointFolder(StoreLayout(root: try session.storeRoot()).base + "/endpoints")
    guard EndpointFolder.isName(name),
      let url = folder.note(of: name).flatMap({ ServiceURL($0.url) })
    else {
      throw UsageError(
        "nothing is serving '\(name)': run `atelier serve \(session.workshop.name)` or pass --url")
    }
    return url
  }

  /// The lines that are not empty, without their ends.
  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return line.isEmpty ? nil : line
    }
  }

  /// A row without the quotes around it as a whole; others stay as they are.
  private static func unquoted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let quote = UInt8(ascii: "\"")
    guard line.count > 2, line.first == quote, line.last == quote else { return line }
    let inner = line.dropFirst().dropLast()
    return inner.contains(quote) || !inner.contains(UInt8(ascii: ",")) ? line : inner
  }

  /// The predictions of some rows; `first` is the number of the first one, for errors.
  private static func ask(
    _ url: ServiceURL, _ format: RowFormats.Format, _ rows: [ArraySlice<UInt8>], from first: Int
  ) throws -> [String] {
    var body: [UInt8] = []
    for row in rows { body += row + [UInt8(ascii: "\n")] }
    let request = HTTPRequest(
      "POST", url, path: "/invocations",
      fields: [
        HTTPField("Content-Type", format.rawValue),
        HTTPField("Accept", RowFormats.Format.csv.rawValue),
      ], body: .bytes(body))
    let sink = MemorySink(limit: 1 << 28)
    let answer: HTTPAnswer
    do {
      answer = try CurlTransport().perform(request, sink: sink, isCancelled: { false })
    } catch let failure as TransportFailure {
      throw UsageError("\(request.url): \(failure)")
    }
    guard answer.head.succeeded else {
      let text = String(decoding: answer.errorBody.prefix(2000), as: UTF8.self)
      let place = first == 1 ? "" : " (rows of this request begin at row \(first) of the input)"
      throw UsageError("\(request.url) answered \(answer.head.status)\(place): \(text)")
    }
    let lines = lines(sink.bytes).map { String(decoding: $0, as: UTF8.self) }
    guard lines.count == rows.count else {
      throw UsageError(
        "\(request.url): expected \(Text.count(rows.count, "prediction")), a line each, "
          + "found \(Text.count(lines.count, "line"))")
    }
    return lines
  }

  private static func show(
    _ rows: [InvokedRow], _ format: Form, hasLabel: Bool, _ output: Console
  ) throws {
    let table = Table(
      columns: hasLabel ? ["input", "label", "prediction"] : ["input", "prediction"],
      rows: rows.map { [$0.input] + (hasLabel ? [$0.label] : []) + [$0.prediction] })
    switch format {
    case .json:
      for row in rows {
        var fields: [String: JSONValue] = [
          "input": .string(row.input), "prediction": .string(row.prediction),
        ]
        if hasLabel { fields["label"] = .string(row.label) }
        try output.data(JSONValue.object(fields).canonicalText() + "\n")
      }
    case .csv: try output.data(table.csv)
    case .table: try output.data(table.text(limit: .max, width: output.width))
    }
  }
}

/// One row: what is sent of it, its label, and what came back.
private struct InvokedRow {
  let sent: ArraySlice<UInt8>
  let label: String
  var prediction = ""

  var input: String { String(decoding: sent, as: UTF8.self) }

  /// `side` says where the label stands that is not sent; nil: there is none.
  init(_ line: ArraySlice<UInt8>, _ side: InvokeVerb.Side?, number: Int) throws {
    guard let side else {
      (sent, label) = (line, "")
      return
    }
    let comma = UInt8(ascii: ",")
    let found = side == .first ? line.firstIndex(of: comma) : line.lastIndex(of: comma)
    guard let found else {
      throw UsageError("row \(number): expected a label and features, found one value")
    }
    let (before, after) = (line[..<found], line[(found + 1)...])
    sent = side == .first ? after : before
    label = String(decoding: side == .first ? before : after, as: UTF8.self)
  }
}
