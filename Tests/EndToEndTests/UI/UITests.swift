// `atelier ui` over the wire: who gets an answer, what an answer may do, and what is told of a run.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct UITests {
  private static let hostile = "<img src=x onerror=\"document.title='owned'\"></script>\u{202E}"
  private static let picture =
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
  private static let refusal = "403: open the URL that `atelier ui` printed\n"

  private func space() throws -> FixtureSpace {
    let space = try FixtureSpace([
      ["name": "one.in", "source": "in.txt"],
      ["name": "one.metrics", "json": #"{"auc":0.5,"rows":10}"#],
      [
        "name": "one.table",
        "csv": .string("name,text\n\"\(Self.hostile.replacing("\"", with: "\"\""))\",1\n"),
      ],
      ["name": "one.picture", "input": "one.in", "built": .string(Self.picture)],
    ])
    try space.folder.write(" \n", to: "in.txt")
    let run = try space.run(
      "--set", "Fixture.unused=\(Self.hostile)", environment: Self.environment)
    try #require(run.code == 0, "\(run.err)")
    return space
  }

  private static let environment = ["FIXTURE_BUILD": #"{"mediaType":"image/svg+xml"}"#]

  private func run(_ visit: UISpace.Visit) throws -> String {
    let table = try JSONValue(parsing: visit.bytes("api/runs"))
    return try #require(table["rows"]?.array?.first?.array?.first?.string)
  }

  @Test func onlyTheTokensHolderGetsAByte() throws {
    let space = try space()
    let ui = try UISpace(space)
    let before = TestFiles.list(space.store).sorted()
    #expect(ui.url.hasPrefix("http://127.0.0.1:") && ui.token.count == 40)
    let off = String(ui.token.dropLast()) + (ui.token.hasSuffix("0") ? "1" : "0")
    let refused = [
      try ui.get("/"), try ui.get("/?token="), try ui.get("/?token=\(off)"),
      try ui.get("/?token=\(ui.token)0"), try ui.get("/api/runs"), try ui.get("/favicon.ico"),
      try ui.get(ui.url, "-H", "Host: evil.example:\(ui.port)"),
      try ui.get(ui.url, "-H", "Host: 127.0.0.1"),
      try ui.get(ui.url, "-H", "Host:"), try ui.get(ui.url, "-H", "Origin: http://evil.example"),
      try ui.get(ui.url, "-H", "Origin: null"),
      try ui.get("/?token=\(off)", "-X", "POST", "-d", "x"),
    ]
    for (position, answer) in refused.enumerated() {
      // The library itself refuses a request without a host.
      let isOwn = position == 8 && answer.status == 400
      #expect(
        isOwn || (answer.status == 403 && answer.body == Self.refusal), "\(position): \(answer)")
      #expect(answer.fields["set-cookie"] == nil)
    }

    let entry = try ui.get(ui.url)
    #expect(entry.status == 303 && entry.body == "")
    let root = try #require(entry.fields["location"])
    let cookie = try #require(entry.fields["set-cookie"])
    #expect(cookie.hasSuffix("; Path=\(root); HttpOnly; SameSite=Strict"), "\(cookie)")
    #expect(!root.contains(ui.token) && !cookie.contains(ui.token))

    // From a link of another page: a redirection would not bring the cookie along.
    let linked = try ui.get(ui.url, "-H", "Sec-Fetch-Site: cross-site")
    #expect(linked.status == 200 && linked.body.contains("content=\"0;url=\(root)\""))
    #expect(linked.fields["set-cookie"] == cookie && !linked.body.contains(ui.token))

    let visit = try ui.enter()
    for answer in [
      try ui.get(root), try ui.get(root + "api/runs"), try ui.get(root + "?token=\(ui.token)"),
      try ui.get(root + "api/runs", "-H", "Cookie: atelier=\(ui.token)"),
      try visit.get("api/runs", "-H", "Origin: http://evil.example"),
      try visit.get("api/runs", "-H", "Host: evil.example:\(ui.port)"),
      try visit.get("api/runs", "-H", "Sec-Fetch-Site: cross-site"),
    ] {
      #expect(answer.status == 403 && answer.body == Self.refusal, "\(answer)")
    }
    let written = try visit.get("api/runs", "-X", "DELETE")
    #expect(written.status == 405 && written.fields["allow"] == "GET, HEAD")
    #expect(try visit.get("api/nothing").status == 404)
    #expect(try visit.get("api/run?id=../../etc/passwd").status == 404)
    #expect(try visit.get("../../../../etc/passwd", "--path-as-is").status == 404)

    let page = try visit.get("")
    #expect(page.status == 200 && page.fields["content-type"] == "text/html; charset=utf-8")
    for (name, value) in [
      "referrer-policy": "no-referrer", "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin", "x-frame-options": "DENY",
      "cache-control": "private, no-cache",
    ] {
      #expect(page.fields[name] == value, "\(name): \(page.fields[name] ?? "none")")
    }
    let policy = page.fields["content-security-policy"] ?? ""
    #expect(policy.hasPrefix("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"))
    #expect(policy.contains("frame-ancestors 'none'"))
    #expect(page.body.contains("<script type=\"module\" src=\"main.js\"></script>"))
    let tag = try #require(page.fields["etag"])
    let known = try visit.get("", "-H", "If-None-Match: \(tag)")
    #expect(known.status == 304 && known.body == "")
    #expect(try visit.get("api/runs").fields["cache-control"] == "no-store")
    #expect(try visit.get("api/runs", "-I").body == "")

    // It has only read.
    #expect(TestFiles.list(space.store).sorted() == before)
    let ended = try ui.end()
    #expect(ended.code == 130 && ended.out == ui.url + "\n", "\(ended.err)")
  }

  @Test func anotherAddressNeedsAWord() throws {
    let space = try FixtureSpace([])
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
      let refused = try space.call("ui", "--listen", address)
      #expect(refused.code == 2 && refused.out == "")
      #expect(refused.err.contains("--listen \(address)") && refused.err.contains("--allow-remote"))
    }
    let ui = try UISpace(space, "--listen", "0.0.0.0", "--allow-remote")
    let local = "http://127.0.0.1:\(ui.port)/?token=\(ui.token)"
    #expect(try ui.get(local).status == 303)
    #expect(try ui.get(local, "-H", "Host: 10.0.0.7:\(ui.port)").status == 303)
    #expect(try ui.get(local, "-H", "Host: evil.example:\(ui.port)").status == 403)
    // Another one has the port.
    let second = try space.call("ui", "--port", ui.port)
    #expect(
      second.code == 2 && second.err.contains("port \(ui.port)"), "\(second.code) \(second.err)")
    #expect(try ui.end(by: SIGTERM).code == 143)
  }

  @Test func textsOfOthersAreDataAndDoNothing() throws {
    let space = try space()
    let ui = try UISpace(space, environment: Self.environment.merging(Space.tools) { $1 })
    let visit = try ui.enter()
    let id = try run(visit)
    let shown = try visit.get("api/output?id=\(id)&step=one.table&output=rows")
    #expect(shown.status == 200 && shown.fields["content-type"] == "application/json", "\(shown)")
    #expect(shown.fields["x-content-type-options"] == "nosniff")
    let cells = try JSONValue(parsing: Array(shown.body.utf8))["table"]?["rows"]?.array?.first?
      .array
    #expect(cells?.first?.string == Self.hostile, "\(shown.body)")

    // The bytes of a picture are only that, and only of a run's own outputs.
    let picture = try visit.get("picture?id=\(id)&step=one.picture&output=out")
    #expect(picture.status == 200 && picture.body.hasPrefix(Self.picture), "\(picture)")
    #expect(picture.fields["content-type"] == "image/svg+xml")
    let sandboxed = picture.fields["content-security-policy"] ?? ""
    #expect(sandboxed.hasPrefix("sandbox; default-src 'none'"), "\(sandboxed)")
    #expect(try visit.get("picture?id=\(id)&step=one.metrics&output=document").status == 404)
    #expect(try visit.get("picture?id=\(id)&step=one.in&output=out").status == 404)

    let report = try visit.get("report?id=\(id)")
    #expect(report.status == 200 && report.body.contains("<!DOCTYPE html>"), "\(report.status)")
    #expect(
      report.fields["content-security-policy"]?.hasPrefix("sandbox allow-scripts allow-downloads;")
        == true)
    #expect(!report.body.contains("<img src=x"))

    let summary = try JSONValue(parsing: visit.bytes("api/run?id=\(id)"))
    #expect(summary["settings"]?.array?.contains { $0.array?[1].string == Self.hostile } == true)
    let numbers = try JSONValue(parsing: visit.bytes("api/runs"))["rows"]?.array?.first?.array?.last
    #expect(numbers?.object?.values.contains { $0.number == 0.5 } == true, "\(numbers ?? .null)")
    #expect(try visit.bytes("api/endpoints") == Array("[]".utf8))
    #expect(try visit.bytes("api/features") == Array("[]".utf8))
  }

  @Test func featureGroupsAndEndpointsAreListed() throws {
    let keeper = try FeatureKeeper.measured()
    let digest = "sha256:" + String(repeating: "ab", count: 32)
    let document =
      #"{"v":1,"endpoint":"shop","model":"\#(digest)","source":"fixture/one.model","features":3,"#
      + #""objective":"binary:logistic","contentType":"text/csv","updatedAt":"2026-11-30T00:00:00Z"}"#
    try keeper.space.folder.write(document, to: "store/.atelier/endpoints/shop.json")
    try keeper.space.folder.write("{", to: "store/.atelier/endpoints/torn.json")
    // One that was killed has left its note.
    try keeper.space.folder.write(
      #"{"v":1,"pid":1,"url":"http://127.0.0.1:1","model":"\#(digest)"}"#,
      to: "store/.atelier/endpoints/shop.server.json")
    let ui = try UISpace(keeper.space, environment: Space.tools)
    let visit = try ui.enter()
    let groups = try JSONValue(parsing: visit.bytes("api/features")).array ?? []
    #expect(groups.map { $0["group"]?.string } == ["abalone-small"])
    #expect(
      groups.first?["records"] == 5 && groups.first?["ids"] == 3 && groups.first?["version"] == 2)
    #expect(groups.first?["features"]?.array?.count == 4)
    #expect(groups.first?["ingestions"]?.array?.map { $0["run"]?.string } == ["run-1", "run-2"])
    let endpoints = try JSONValue(parsing: visit.bytes("api/endpoints")).array ?? []
    #expect(endpoints.map { $0["name"]?.string } == ["shop", "torn"])
    #expect(endpoints.first?["model"]?.string == digest && endpoints.first?["url"] == nil)
    let bare = try UISpace(keeper.space, environment: ["ATELIER_DUCKDB": "/nonexistent"]).enter()
    let uncounted = try JSONValue(parsing: bare.bytes("api/features")).array ?? []
    #expect(uncounted.first?["records"] == nil && uncounted.first?["version"] == 2)
    #expect(endpoints.last?["problem"]?.string?.contains("torn.json") == true, "\(endpoints)")
  }

  @Test func aRunIsFollowedToItsEnd() throws {
    let held = try HeldSpace(held: ["one.a", "two.b"], quick: ["one.quick"])
    let ui = try UISpace(held.space)
    let visit = try ui.enter()
    let table = try JSONValue(parsing: visit.bytes("api/runs"))
    #expect(table["rows"] == [] && table["isComplete"] == true)
    let store = try visit.events()
    defer { store.end() }
    let run = try held.space.start(["run", "--json"])
    let seen = try wait(store) { $0.contains("\"live\":[[\"") && $0.contains(",3,1,2,0]") }
    let id = try #require(seen.components(separatedBy: "\"live\":[[\"").last?.prefix(32))
    let summary = try JSONValue(parsing: visit.bytes("api/run?id=\(id)"))
    #expect(summary["isLive"] == true && summary["status"] == "running")
    #expect(summary["steps"]?.array?.count == 3)
    let graph = try JSONValue(parsing: visit.bytes("api/graph?id=\(id)"))
    #expect(graph["boxes"]?.array?.count == 3)

    let events = try visit.events("?id=\(id)&step=one.a")
    defer { events.end() }
    _ = try wait(events) { $0.contains("[\"one.a\",\"running\",") }
    try held.tell("one.a", "progress 0.4")
    _ = try wait(events) { $0.contains(",40]") }
    try held.tell("one.a", "say first words \(Self.hostile)")
    _ = try wait(events) { $0.contains("first words <img") }
    try held.tell("one.a", "fail it broke")
    _ = try wait(events) { $0.contains("[\"one.a\",\"failed\",") }
    try held.tell("two.b", "go")
    _ = try wait(events) { $0.contains("event: ended\n") }
    #expect(try run.wait().code == 1)
    // The record is there without a new start of anything.
    _ = try wait(store) { $0.contains("\"live\":[],\"rows\":1}") }
    let ended = try JSONValue(parsing: visit.bytes("api/run?id=\(id)"))
    #expect(ended["isLive"] == false && ended["status"] == "failed", "\(ended)")
    #expect(TestFiles.list(held.space.store + "/.atelier/live") == [])
    let step = try JSONValue(parsing: visit.bytes("api/step?id=\(id)&step=one.a"))
    #expect(step["message"]?.string?.contains("it broke") == true)
  }

  @Test func theLogOfAStepThatWaitsComesOnceItRuns() throws {
    let held = try HeldSpace(held: ["one.a", "one.b"])
    let ui = try UISpace(held.space)
    let visit = try ui.enter()
    let store = try visit.events()
    defer { store.end() }
    let run = try held.space.start(["run", "--json", "--jobs", "1"])
    let seen = try wait(store) { $0.contains(",2,0,1,0]") }
    let id = try #require(seen.components(separatedBy: "\"live\":[[\"").last?.prefix(32))
    let first = try JSONValue(parsing: visit.bytes("api/run?id=\(id)"))["steps"]?.array ?? []
    let waiting = try #require(first.first { $0.array?[1] == "waiting" }?.array?[0].string)
    let events = try visit.events("?id=\(id)&step=\(waiting)")
    defer { events.end() }
    _ = try wait(events) { $0.contains("[\"\(waiting)\",\"waiting\",") }
    try held.tell(waiting, "say later words")
    for step in ["one.a", "one.b"] where step != waiting { try held.tell(step, "go") }
    _ = try wait(events) { $0.contains("later words") }
    try held.tell(waiting, "go")
    #expect(try run.wait().code == 0)
  }

  @Test func aRunThatWasKilledIsNoLiveOne() throws {
    let held = try HeldSpace(held: ["one.a"])
    let ui = try UISpace(held.space)
    let visit = try ui.enter()
    let events = try visit.events()
    defer { events.end() }
    let run = try held.space.start(["run", "--json"])
    _ = try wait(events) { $0.contains(",1,0,1,0]") }
    run.end()
    _ = try wait(events) { $0.hasSuffix("\"live\":[],\"rows\":0}\n\n") }
    #expect(TestFiles.list(held.space.store + "/.atelier/live").count == 1)
    // The next run takes its journal away.
    try held.tell("one.a", "go")
    #expect(try held.space.run().code == 0)
    #expect(TestFiles.list(held.space.store + "/.atelier/live") == [])
  }

  /// What a program has printed once that holds; a limit that no machine needs ends the wait.
  private func wait(_ program: RunningProgram, until holds: (String) -> Bool) throws -> String {
    let end = Date().addingTimeInterval(120)
    while Date() < end {
      let text = try program.printed()
      if holds(text) { return text }
      usleep(20_000)
    }
    throw ProgramError("it has not come: \(try program.printed())")
  }
}
