// `atelier serve` and `atelier model invoke` as their users meet them.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ServeTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([["name": "one.model", "model": "model.ubj"]])
    try TestFiles.write(TestModels.first.get(), to: space.folder("model.ubj"))
  }

  private static let tools = Space.tools

  private func serve(_ words: String...) throws -> ServedSpace {
    try ServedSpace { port in
      try space.start(["serve", "--port", "\(port)"] + words, environment: Self.tools)
    }
  }

  private func digest(_ bytes: Result<[UInt8], any Error>) throws -> String {
    "\(try Digest.of(bytes.get()))"
  }

  private func call(_ words: [String]) throws -> EndedProgram {
    try space.start(words, environment: Self.tools).wait()
  }

  /// The workshop's model becomes another one.
  private func replaceModel(_ bytes: [UInt8]) throws {
    try TestFiles.write(bytes, to: space.folder("model.ubj"))
  }

  private var document: JSONValue? {
    let path = space.store + "/.atelier/endpoints/fixture.json"
    return try? JSONValue(parsing: TestFiles.read(path))
  }

  // MARK: - A file, as in a container

  @Test func aFileIsServedWithoutProject() throws {
    let folder = try TemporaryFolder()
    try TestFiles.write(TestModels.first.get(), to: folder("model/xgboost-model"))
    let served = try ServedSpace { port in
      try RunningProgram(
        TestPrograms.fixture, ["serve"],
        environment: Self.tools.merging([
          "SM_MODEL_DIR": folder("model"), "SAGEMAKER_BIND_TO_PORT": "\(port)",
        ]) { $1 },
        captures: folder)
    }
    let answer = try served.predictions("1,2,3\n90,1,1\n")
    #expect(try answer.model == digest(TestModels.first))
    #expect(answer.body.split(separator: "\n").count == 2)
    let ended = try served.end()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out == served.url + "\n")
  }

  @Test func clientsOfOthersAreAnswered() throws {
    let served = try serve("--model", space.folder("model.ubj"))
    let curl = try Space.start(
      TestTools.path(of: "curl") ?? "/usr/bin/curl",
      [
        "-sS", "-i", "--noproxy", "*", "--data-binary", "[1,2,3]\n[4,5,null]", "-H",
        "Content-Type: application/jsonlines", served.url + "/invocations",
      ], environment: [:], folder: space.folder.path)
    #expect(curl.out.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(curl.out)\(curl.err)")
    #expect(curl.out.contains("Content-Type: application/jsonlines\r\n"))
    #expect(curl.out.components(separatedBy: "{\"score\":").count == 3)
    // More than curl sends without asking first.
    let large = try Space.start(
      TestTools.path(of: "python3") ?? "/usr/bin/python3",
      [
        "-c",
        """
        import sys, urllib.request as r
        ask = r.build_opener(r.ProxyHandler({})).open
        url = sys.argv[1] + '/invocations'
        rows = b'1,2,3\\n' * 200000
        body = ask(r.Request(url, rows, {'Content-Type': 'text/csv'})).read()
        print(len(body.splitlines()), len(set(body.splitlines())))
        try: ask(r.Request(url, rows * 6, {'Content-Type': 'text/csv'}))
        except r.HTTPError as e: print(e.code, e.read().decode())
        """, served.url,
      ], environment: [:], folder: space.folder.path)
    #expect(
      large.out
        == "200000 1\n413 the body is larger than 6291456 bytes; send fewer rows at a time\n\n",
      "\(large.out)\(large.err)")
    #expect(try served.end(by: SIGINT).code == 0)
  }

  @Test func whatCannotBeServedIsNamed() throws {
    try TestFiles.write(Array("junk".utf8), to: space.folder("junk"))
    let junk = try call(["serve", "--model", space.folder("junk"), "--port", "0"])
    #expect(
      junk.code == 2 && junk.err.contains("junk: 4 bytes are no XGBoost model"), "\(junk.err)")
    let absent = try call(["serve", "--model", "./nowhere.ubj"])
    #expect(absent.code == 2 && absent.err.contains("expected a model file, found none"))
    let unknown = try call(["serve", "--model", "one.modell"])
    #expect(unknown.code == 2 && unknown.err.contains("Did you mean 'one.model"), "\(unknown.err)")
    let name = try call(["serve", "--endpoint", "a/b"])
    #expect(name.code == 2 && name.err.contains("not 'a/b'"))
    let isNew = try call(["serve", "--as-is"])
    #expect(isNew.code == 2 && isNew.err.contains("there is no endpoint fixture"))
    let port = try LoopbackPort.free()
    let busy = try RunningProgram(
      TestTools.path(of: "python3") ?? "/usr/bin/python3",
      ["-m", "http.server", "\(port)", "--bind", "127.0.0.1"], environment: [:],
      captures: space.folder)
    defer {
      busy.signal(SIGKILL)
      _ = try? busy.wait()
    }
    try waitUntil("the port is taken") { LoopbackPort.answers(port) }
    let used = try call(["serve", "--model", space.folder("model.ubj"), "--port", "\(port)"])
    #expect(used.code == 2 && used.err.contains("port \(port): Address already in use"))
    try space.setGraph([["name": "one.a", "script": "echo a > $out"]])
    let none = try call(["serve"])
    #expect(none.code == 2 && none.err.contains("no step of the workshop fixture makes a model"))
  }

  // MARK: - Endpoints

  /// Under a load the model is switched twice: every request is answered, by the one or the other.
  @Test func anEndpointIsUpdatedWithoutDroppingARequest() throws {
    let served = try serve()
    let first = try digest(TestModels.first)
    #expect(document?["model"]?.string == first)
    #expect(document?["features"]?.integer == 3)
    #expect(document?["objective"]?.string == "binary:logistic")
    let load = try served.load(seconds: 3, connections: 16, in: space.folder)
    try waitUntil("requests are answered") { load.hasSaid("under way") }
    try replaceModel(TestModels.second.get())
    let updated = try call(["serve"])
    #expect(updated.code == 0, "\(updated.err)")
    #expect(updated.out == served.url + "\n")
    let second = try digest(TestModels.second)
    #expect(try served.predictions("1,2,3").model == second)
    #expect(document?["previous"]?.string == first)
    let ended = try load.wait()
    let result = try ServedSpace.Load(ended.out)
    #expect(result.bad == 0 && result.broken == 0 && result.refused == 0, "\(ended.out)")
    #expect(result.good > 20, "\(ended.out)")
    #expect(result.models == [first, second], "\(ended.out)")
  }

  @Test func aModelThatCannotBeServedLeavesTheOldOne() throws {
    let served = try serve()
    let first = try digest(TestModels.first)
    // By the verb: it is refused before the document is touched.
    try replaceModel(Array("junk".utf8))
    let junk = try call(["serve"])
    #expect(junk.code == 2 && junk.err.contains("no XGBoost model"), "\(junk.err)")
    try replaceModel(TestModels.wide.get())
    let wide = try call(["serve"])
    #expect(wide.code == 2 && wide.err.contains("takes 3 features, the new model 4"), "\(wide.err)")
    #expect(document?["model"]?.string == first)
    // By somebody's hand: the server finds out.
    var fields = document?.object ?? [:]
    fields["model"] = .string("sha256:" + String(repeating: "0", count: 64))
    let path = space.store + "/.atelier/endpoints/fixture.json"
    try TestFiles.write(JSONValue.object(fields).canonicalBytes(), to: path + ".new")
    #expect(rename(path + ".new", path) == 0)
    try waitUntil("the server says so") { try served.program.said().contains("is not taken") }
    #expect(try served.program.said().contains("is not at"))
    #expect(try served.predictions("1,2,3").model == first)
    // Agreed to, another count of features is served.
    let agreed = try call(["serve", "--other-features"])
    #expect(agreed.code == 0, "\(agreed.err)")
    #expect(try served.predictions("1,2,3,4").model == digest(TestModels.wide))
  }

  @Test func aRestartServesTheSameModel() throws {
    let first = try digest(TestModels.first)
    do {
      let served = try serve("--endpoint", "shop")
      #expect(try served.predictions("1,2,3").model == first)
      #expect(try served.end().code == 0)
    }
    try replaceModel(TestModels.second.get())
    do {
      let served = try serve("--endpoint", "shop", "--as-is")
      #expect(try served.predictions("1,2,3").model == first)
      // Killed, it leaves nothing that keeps the next one out.
      _ = try served.end(by: SIGKILL)
    }
    let served = try serve("--endpoint", "shop")
    #expect(try served.predictions("1,2,3").model == digest(TestModels.second))
  }

  /// Requests that have begun are answered, whenever the signal comes.
  @Test func aSignalDropsNoRequest() throws {
    let served = try serve()
    let load = try served.load(seconds: 3, connections: 6, in: space.folder)
    try waitUntil("requests are answered") { load.hasSaid("under way") }
    served.program.signal(SIGTERM)
    try waitUntil("the server drains") { try served.status("/ping") != 200 }
    #expect(try served.end(by: 0).code == 0)
    let ended = try load.wait()
    let result = try ServedSpace.Load(ended.out)
    #expect(result.good > 20 && result.bad == 0 && result.broken == 0, "\(ended.out)")
    #expect(result.refused > 0, "\(ended.out)")
  }

  // MARK: - Invoke

  @Test func invokePrintsInputLabelAndPrediction() throws {
    let served = try serve()
    let rows = try space.folder.write("0,1,2,3\n1,90,1,1\r\n0,4,,6\n", to: "rows.csv")
    let words = ["invoke", "fixture", "--input", rows, "--label", "first"]
    let table = try call(words + ["--limit", "2"])
    let lines = table.out.split(separator: "\n").map { line in
      line.split(separator: " ").map(String.init)
    }
    #expect(table.code == 0, "\(table.err)")
    #expect(lines.first == ["input", "label", "prediction"])
    let expected = try served.predictions("1,2,3\n90,1,1\n").body.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2] == ["1,2,3", "0", String(expected[0])])
    #expect(lines[3] == ["90,1,1", "1", String(expected[1])])
    let csv = try call(
      ["invoke", "--url", served.url, "--input", rows, "--label", "first", "--batch", "1"]
        + ["--format", "csv"])
    #expect(csv.out.hasPrefix("input,label,prediction\n\"1,2,3\",0,\(expected[0])\n"), "\(csv.out)")
    let json = try call(words + ["--format", "json"])
    #expect(json.events.count == 3)
    #expect(json.events.last?["input"]?.string == "4,,6")
    let quoted = try space.folder.write(
      "\u{FEFF}\"0,1,2,3\"\r\n\"1,90,1,1\"\r\n\r\n", to: "quoted.csv")
    let own = try call(
      ["invoke", "fixture", "--input", quoted, "--label", "first", "--format", "csv"])
    #expect(
      own.out
        == "input,label,prediction\n\"1,2,3\",0,\(expected[0])\n\"90,1,1\",1,\(expected[1])\n")
    let refused = try call(["invoke", "fixture", "--input", rows])
    #expect(refused.code == 2)
    #expect(
      refused.err.contains("answered 400: row 1: expected 3 values, found 4"), "\(refused.err)")
    let nobody = try call(["invoke", "--url", "http://127.0.0.1:1", "--input", rows])
    #expect(nobody.code == 2 && nobody.err.contains("no connection"), "\(nobody.err)")
    let gone = try call(["invoke", "--endpoint", "other", "--input", rows])
    #expect(gone.code == 2 && gone.err.contains("nothing is serving 'other'"))
  }
}

/// The propensity workshop's own model, by the program that users run.
@Suite(.programs) struct ServePropensityTests {
  @Test func theWorkshopsModelIsServed() throws {
    let space = try Space()
    let captures = try TemporaryFolder()
    func words(_ verb: String, _ more: [String]) -> [String] {
      let set = space.settings.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0)=\($1)"] }
      return [
        verb, "propensity", "--project", space.project, "--set", "Atelier.root=\(space.store)",
      ]
        + set + more
    }
    let early = try space.atelier(["serve", "propensity"], expecting: 2)
    #expect(early.err.contains("run `atelier run propensity/week4.model` first"))
    _ = try space.run(["week4.model"])
    let served = try ServedSpace { port in
      try RunningProgram(
        try Space.program(), words("serve", ["--port", "\(port)"]), environment: Space.tools,
        captures: captures)
    }
    let empty = String(repeating: ",", count: 13)
    let answer = try served.predictions("\(empty)\n\(empty)\n")
    let scores = answer.body.split(separator: "\n").compactMap { Double($0) }
    #expect(scores.count == 2 && scores[0] == scores[1] && (0...1).contains(scores[0]))
    let model = try space.atelier(["show", "week4.model.model", "--format", "path"]).out
    #expect(answer.model == "sha256:" + (model.split(separator: "/").last?.prefix(64) ?? ""))
    let short = #expect(throws: ProgramError.self) { try served.predictions(",,,\n") }
    #expect(
      short?.description.contains("found 4; the first missing one is column 5 (") == true,
      "\(short?.description ?? "")")
    // Served and delivered scores have the same digits.
    _ = try space.run(["week4.scores"])
    let users = try ["week2.features.0", "week2.features.1"].flatMap { batch in
      try space.atelier(["show", batch, "--format", "csv"]).out.split(separator: "\n")
        .dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    // After user, type, time and label come the features.
    let rows = users.map { $0[4..<18].joined(separator: ",") + "\n" }
    let scored = try space.atelier(["show", "week4.scores.scores", "--format", "csv"]).out
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let delivered = Dictionary(uniqueKeysWithValues: scored.map { ($0[0], $0[1]) })
    let given = try served.predictions(rows.joined()).body.split(separator: "\n")
    #expect(given.count == rows.count && rows.count > 100)
    for (user, prediction) in zip(users, given) { #expect(delivered[user[0]] == prediction) }
    #expect(try served.end().code == 0)
  }
}
