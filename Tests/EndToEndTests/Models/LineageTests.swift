// Events of OpenLineage for runs, judged by the classes of its own client; a server that is down fails no run.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// Python with OpenLineage's client.
enum LineageJudge {
  static let advice =
    "no Python with openlineage-python: type .setup/mock.sh, or name one in ATELIER_JUDGE_PYTHON"

  static let python: String? = {
    let named = ProcessInfo.processInfo.environment["ATELIER_JUDGE_PYTHON"]
    return [named, StandIns.python].compactMap(\.self).first { path in
      let ended = try? Space.start(
        path, ["-c", "import openlineage.client.generated.base"], environment: [:],
        folder: NSTemporaryDirectory())
      return ended?.code == 0
    }
  }()
}

@Suite(.programs) struct LineageTests {
  private static let graph: [JSONValue] = [
    ["name": "one.source", "source": "numbers.txt"],
    [
      "name": "one.a", "script": "cat $one_source > $out", "tools": ["cat"],
      "inputs": ["one.source"],
    ],
    ["name": "one.b", "script": "cat $one_a > $out", "tools": ["cat"], "inputs": ["one.a"]],
    [
      "name": "two.bad", "script": "echo the-secret-word >&2; exit 3", "tools": ["cat"],
      "inputs": ["one.a"],
    ],
    [
      "name": "two.after", "script": "cat $two_bad > $out", "tools": ["cat"], "inputs": ["two.bad"],
    ],
  ]

  private func space() throws -> FixtureSpace {
    let space = try FixtureSpace(Self.graph)
    try space.folder.write("1\n", to: "numbers.txt")
    return space
  }

  @Test(.enabled(if: LineageJudge.python != nil, Comment(rawValue: LineageJudge.advice)))
  func theEventsOfARunAreThoseOfTheSchema() throws {
    let space = try space()
    let file = space.folder("lineage.json")
    #expect(try space.call("run", "one", "--lineage", file).code == 0)
    // A run of hits tells of them, too.
    #expect(try space.call("run", "one", "--lineage", file).code == 0)
    #expect(try space.call("run", "two", "--keep-going", "--lineage", file).code == 1)
    let judged = try Space.start(
      LineageJudge.python ?? "", [TestTools.root + "/Tests/Judges/lineage.py", file],
      environment: [:], folder: space.folder.path)
    #expect(judged.code == 0, "\(judged.err)")
    let jobs = try JSONValue(parsing: judged.out)
    let ends = ["START", "COMPLETE", "START", "COMPLETE"]
    #expect(jobs["fixture"]?.array?.compactMap(\.string) == ends + ["START", "FAIL"])
    #expect(jobs["fixture.one.a"]?.array?.compactMap(\.string) == ends + ["START", "COMPLETE"])
    #expect(jobs["fixture.two.bad"]?.array?.compactMap(\.string) == ["START", "FAIL"])
    #expect(jobs["fixture.two.after"] == nil)
    let text = try TestFiles.text(file)
    let events = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    let built = try #require(
      events.first { $0["job"]?["name"] == "fixture.one.b" && $0["eventType"] == "COMPLETE" })
    #expect(built["inputs"]?.array?.first?["name"] == "fixture/one.a.out")
    #expect(built["inputs"]?.array?.first?["facets"]?["version"]?["datasetVersion"] != nil)
    #expect(built["run"]?["facets"]?["atelier_cache"]?["cached"] == false)
    #expect(!text.contains("the-secret-word") && !text.contains(space.folder.path))
  }

  @Test func aServerThatDoesNotAnswerIsToldOnce() throws {
    let space = try space()
    let port = try LoopbackPort.free()
    let url = "http://127.0.0.1:\(port)/api/v1/lineage"
    let ended = try space.call("run", "one", "--lineage", url)
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.err.split(separator: "\n").count { $0.contains("lineage") } == 1, "\(ended.err)")
    for bad in ["http://user:pass@host/x", "ftp://host/x", ""] {
      let refused = try space.call("run", "one", "--lineage", bad)
      #expect(refused.code == 2 && !refused.err.contains("pass@"), "\(bad): \(refused.err)")
    }
    let unwritable = try space.call("run", "one", "--lineage", space.folder("none/x.json"))
    #expect(unwritable.code != 0 && unwritable.err.contains("none/x.json"))
  }

  @Test func aPipeIsWrittenToWhereSomebodyReadsAndElseNamed() throws {
    let space = try space()
    let pipe = space.folder("pipe")
    try #require(mkfifo(pipe, 0o644) == 0)
    let unread = try space.call("run", "one", "--lineage", pipe)
    #expect(unread.code == 5 && unread.err.contains("nothing reads from it"), "\(unread.err)")
    let reader = try RunningProgram(
      "/bin/cat", [pipe], environment: [:], captures: space.folder)
    // The reader is there once a writer need not wait for it.
    var descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
    let end = Date().addingTimeInterval(30)
    while descriptor < 0, Date() < end {
      usleep(20_000)
      descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
    }
    let ended = try space.call("run", "one", "--lineage", pipe)
    close(descriptor)
    #expect(ended.code == 0 && !ended.err.contains("lineage"), "\(ended.err)")
    #expect(try reader.wait().out.split(separator: "\n").count == 6)
  }

  /// A server that keeps what it gets.
  private static let server = """
    import http.server, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with open(sys.argv[2], "ab") as file:
                file.write(body + b"\\n")
            with open(sys.argv[3], "a") as file:
                file.write(str(self.headers["Authorization"]) + "\\n")
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()
        def log_message(self, *words): pass
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
    """

  @Test func aServerGetsTheEventsInOrder() throws {
    let space = try space()
    let port = try LoopbackPort.free()
    let (events, tokens) = (space.folder("events"), space.folder("tokens"))
    let server = try RunningProgram(
      "/usr/bin/python3", ["-c", Self.server, "\(port)", events, tokens], environment: [:],
      captures: space.folder)
    defer { server.end() }
    let end = Date().addingTimeInterval(30)
    while !LoopbackPort.answers(port), Date() < end { usleep(20_000) }
    let ended = try space.call(
      "run", "one", "--lineage", "http://127.0.0.1:\(port)/api/v1/lineage",
      environment: ["OPENLINEAGE_API_KEY": "the-token", "NO_PROXY": "127.0.0.1"])
    #expect(ended.code == 0 && !ended.err.contains("lineage"), "\(ended.err)")
    let types = try TestFiles.text(events).split(separator: "\n").map {
      try JSONValue(parsing: String($0))["eventType"]?.string
    }
    #expect(types == ["START", "START", "COMPLETE", "START", "COMPLETE", "COMPLETE"])
    #expect(Set(try TestFiles.text(tokens).split(separator: "\n")) == ["Bearer the-token"])
    #expect(try !TestFiles.text(events).contains("the-token"))
  }
}
