// `atelier invoke`: sends rows to a served model and prints input, label and prediction.
import CSystem
import Content
import HTTP
import LocalStores
import Serve

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum InvokeVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let url = try url(arguments, house)
    // libcurl would send even these through a proxy that the environment names.
    if url.isOnThisMachine { setenv("no_proxy", "*", 1) }
    let format = ServeVerb.format(arguments) ?? .csv
    let label = arguments.value("label")
    guard format != .json else {
      throw UsageError("--content-type takes text/csv or application/jsonlines here")
    }
    if label != nil, format != .csv {
      throw UsageError("--label goes with --content-type text/csv only")
    }
    let limit = try arguments.integer("limit", in: 1...1_000_000_000) ?? .max
    let batch = try arguments.integer("batch", in: 1...1_000_000) ?? 1000
    let input = try input(arguments)
    var rows: [InvokedRow] = []
    for (index, line) in Self.lines(input).enumerated().prefix(limit) {
      rows.append(try InvokedRow(line, label, number: index + 1))
    }
    guard !rows.isEmpty else { throw UsageError("the input holds no row") }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + batch)
      let answers = try ask(url, format, rows[start..<end].map(\.sent), from: start + 1)
      for (index, answer) in answers.enumerated() { rows[start + index].prediction = answer }
      start = end
    }
    try show(rows, arguments.value("format") ?? "table", hasLabel: label != nil)
    return ExitCode.fine
  }

  /// Where the model is served: as told, as the endpoint's server says, or SageMaker's port here.
  private static func url(_ arguments: Arguments, _ house: House) throws -> ServiceURL {
    if let told = arguments.value("url") {
      guard let url = ServiceURL(told) else {
        throw UsageError("--url takes http[s]://host[:port][/path], not '\(told)'")
      }
      return url
    }
    guard !arguments.positionals.isEmpty || arguments.value("endpoint") != nil else {
      return ServiceURL(scheme: "http", host: "127.0.0.1", port: 8080)
    }
    let session = try Session(arguments, targets: arguments.positionals, house)
    let name = arguments.value("endpoint") ?? session.workshop.name
    let folder = EndpointFolder(StoreLayout(root: try session.storeRoot()).base + "/endpoints")
    guard EndpointFolder.isName(name),
      let url = folder.note(of: name).flatMap({ ServiceURL($0.url) })
    else {
      throw UsageError(
        "no process serves the endpoint \(name); start `atelier serve`, or name a place with --url")
    }
    return url
  }

  private static func input(_ arguments: Arguments) throws -> [UInt8] {
    let path = arguments.value("input") ?? "-"
    return try FileSystem.read(path == "-" ? "/dev/stdin" : path)
  }

  /// The lines that are not empty, without their ends.
  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return line.isEmpty ? nil : line
    }
  }

  /// The predictions of some rows; `first` is the number of the first one, for errors.
  private static func ask(
    _ url: ServiceURL, _ format: Serve.Format, _ rows: [ArraySlice<UInt8>], from first: Int
  ) throws -> [String] {
    var body: [UInt8] = []
    for row in rows { body += row + [UInt8(ascii: "\n")] }
    let request = HTTPRequest(
      "POST", url, path: "/invocations",
      fields: [
        HTTPField("Content-Type", format.rawValue), HTTPField("Accept", Serve.Format.csv.rawValue),
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

  private static func show(_ rows: [InvokedRow], _ format: String, hasLabel: Bool) throws {
    switch format {
    case "json":
      for row in rows {
        var fields: [String: JSONValue] = [
          "input": .string(row.input), "prediction": .string(row.prediction),
        ]
        if hasLabel { fields["label"] = .string(row.label) }
        Console.data(try JSONValue.object(fields).canonicalText() + "\n")
      }
    case "csv":
      Console.data(hasLabel ? "input,label,prediction\n" : "input,prediction\n")
      for row in rows {
        let cells = [row.input] + (hasLabel ? [row.label] : []) + [row.prediction]
        Console.data(cells.map(quoted).joined(separator: ",") + "\n")
      }
    default:
      let table = Table(
        columns: hasLabel ? ["input", "label", "prediction"] : ["input", "prediction"],
        rows: rows.map { [$0.input] + (hasLabel ? [$0.label] : []) + [$0.prediction] })
      Console.data(table.text(limit: .max, width: OutputTerminal.width))
    }
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
    return "\""
      + cell.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

/// One row: what is sent of it, its label, and what came back.
private struct InvokedRow {
  let sent: ArraySlice<UInt8>
  let label: String
  var prediction = ""

  var input: String { String(decoding: sent, as: UTF8.self) }

  /// `side` says where the label stands that is not sent; nil: there is none.
  init(_ line: ArraySlice<UInt8>, _ side: String?, number: Int) throws {
    guard let side else {
      (sent, label) = (line, "")
      return
    }
    let comma = UInt8(ascii: ",")
    let found = side == "first" ? line.firstIndex(of: comma) : line.lastIndex(of: comma)
    guard let found else {
      throw UsageError("row \(number): expected a label and features, found one value")
    }
    let (before, after) = (line[..<found], line[(found + 1)...])
    sent = side == "first" ? after : before
    label = String(decoding: side == "first" ? before : after, as: UTF8.self)
  }
}
