// What each path of the page is answered with. It decides nothing about who may ask.
import Browsing
import CommandLine
import Content
import FeatureVerbs
import LiveRuns
import LocalStores
import MicroHTTP
import Planning
import Project
import ReportBuilding

/// The answers of one call of `atelier ui`.
struct PageServer: Sendable {
  static let argumentNames = ["token", "id", "old", "step", "output", "from"]

  let browsed: BrowsedStore
  let index: RunIndex
  let watch: StoreWatch
  let files: [String: PageFile]

  /// What the page itself may do: its own files, and nothing of others.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  /// A report runs one script that it knows by its digest, as a page of nobody.
  private static let reportPolicy =
    "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; "
    + "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'"
  /// Bytes of an artifact do nothing, also where they are opened by themselves.
  private static let picturePolicy =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

  /// Fields that every answer has.
  private static let always = [
    ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
  ]

  /// The answer to a request, once its right to one is checked.
  func answer(_ request: WebRequest, _ access: Access) -> WebAnswer {
    switch access.verdict(request) {
    case .refuse:
      return Self.text(403, "403: open the URL that `atelier ui` printed\n")
    case .refuseMethod:
      var answer = Self.text(405, "405: this page can only be read\n")
      answer.fields.append(("Allow", "GET, HEAD"))
      return answer
    case .enter: return Self.entry(request, access)
    case .allow(let path):
      if let file = files[path] { return Self.file(file, request) }
      do {
        return try data(path, request) ?? Self.text(404, "404: there is no such path\n")
      } catch {
        return Self.json(500, ["error": .string("\(error)")])
      }
    }
  }

  /// Sends a browser to the page with the cookie.
  ///
  /// A browser that follows a link of another page keeps the cookie back for all that is redirected; so it
  /// gets a document of this server, which goes on by itself.
  private static func entry(_ request: WebRequest, _ access: Access) -> WebAnswer {
    let isLinked = ["cross-site", "same-site"].contains(request.fields["Sec-Fetch-Site"])
    var answer: WebAnswer
    if isLinked {
      let document =
        "<!doctype html><html lang=\"en\"><title>Atelier</title>"
        + "<meta http-equiv=\"refresh\" content=\"0;url=\(access.root)\"></html>\n"
      answer = Self.answer(200, "text/html; charset=utf-8", Array(document.utf8))
    } else {
      answer = text(303, "")
      answer.fields.append(("Location", access.root))
    }
    answer.fields.append(("Set-Cookie", access.cookie))
    return answer
  }

  // MARK: - Paths

  private func data(_ path: String, _ request: WebRequest) throws -> WebAnswer? {
    switch path {
    case "api/runs":
      let start = request.arguments["from"].flatMap { Int($0) } ?? 0
      return Self.answer(200, "application/json", try index.page(from: start))
    case "api/run": return try page(request) { $0.summary() }
    case "api/graph": return try page(request) { $0.graph() }
    case "api/numbers": return try page(request) { try $0.numbers() }
    case "api/outputs": return try page(request) { try $0.outputs() }
    case "api/step": return try page(request) { $0.step(request.arguments["step"] ?? "") }
    case "api/output": return try output(request)?.preview().map { Self.json(200, $0) }
    case "api/compare":
      guard let old = try run(request.arguments["old"]), let new = try run(request.arguments["id"])
      else {
        return nil
      }
      return Self.json(200, ComparePage(browsed, old, new).json())
    case "api/features":
      return Self.json(200, .array(try FeatureOverview.groups(browsed.call, browsed.context)))
    case "api/endpoints": return Self.json(200, try EndpointList.json(browsed.store))
    case "picture":
      guard let (bytes, mediaType) = try output(request)?.picture() else { return nil }
      return Self.answer(200, mediaType, bytes, policy: Self.picturePolicy)
    case "report": return try report(request)
    case "events":
      if request.method == "HEAD" { return Self.answer(200, EventStream.mediaType, []) }
      return Self.stream(try EventStream(self, request))
    default: return nil
    }
  }

  func run(_ id: String?) throws -> BrowsedRun? {
    try id.flatMap { RunID($0) }.flatMap(browsed.run)
  }

  private func page(
    _ request: WebRequest, _ body: (RunPage) throws -> JSONValue?
  ) throws -> WebAnswer? {
    guard let run = try run(request.arguments["id"]) else { return nil }
    return try body(RunPage(browsed, run)).map { Self.json(200, $0) }
  }

  private func output(_ request: WebRequest) throws -> OutputPage? {
    guard let run = try run(request.arguments["id"]), let step = request.arguments["step"],
      let output = request.arguments["output"]
    else { return nil }
    return try OutputPage(browsed, run, step: step, output: output)
  }

  private func report(_ request: WebRequest) throws -> WebAnswer? {
    guard let run = try run(request.arguments["id"]), !run.isLive else { return nil }
    let record = run.record
    let page = try ReportCollector(
      record, browsed.session(of: record.workshop), browsed.catalogue(of: record.workshop),
      browsed.call
    ).page()
    return Self.answer(
      200, "text/html; charset=utf-8", Array(try page.html().utf8), policy: Self.reportPolicy)
  }

  // MARK: - Answers

  private static func answer(
    _ status: UInt32, _ mediaType: String, _ bytes: [UInt8], policy: String = policy
  ) -> WebAnswer {
    WebAnswer(
      status,
      [
        ("Content-Type", mediaType), ("Cache-Control", "no-store"),
        ("Content-Security-Policy", policy),
      ]
        + always, body: .bytes(bytes))
  }

  private static func text(_ status: UInt32, _ text: String) -> WebAnswer {
    answer(status, "text/plain; charset=utf-8", Array(text.utf8))
  }

  private static func json(_ status: UInt32, _ value: JSONValue) -> WebAnswer {
    guard let bytes = try? value.canonicalBytes() else {
      return text(500, "500: a value has no JSON form\n")
    }
    return answer(status, "application/json", bytes)
  }

  private static func file(_ file: PageFile, _ request: WebRequest) -> WebAnswer {
    let isKnown = request.fields["If-None-Match"] == file.tag
    var answer = answer(isKnown ? 304 : 200, file.mediaType, isKnown ? [] : file.bytes)
    answer.fields.removeAll { $0.name == "Cache-Control" }
    answer.fields += [("Cache-Control", "private, no-cache"), ("ETag", file.tag)]
    return answer
  }

  private static func stream(_ events: EventStream) -> WebAnswer {
    var answer = answer(200, EventStream.mediaType, [])
    answer.body = .stream { events.next() }
    return answer
  }
}
