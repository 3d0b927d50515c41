// Downloads from a server of this machine: what is fetched, tried again, refused and never shown.
import AtelierStep
import AtelierTesting
import Content
import HTTP
import PropensityFormats
import Testing

@testable import Source

@Suite struct DownloadTests {
  // printf 'hello\n' | sha256sum
  private let digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
  private let server: FileServer

  init() throws { server = try FileServer.shared() }

  private func download(
    _ path: String, _ sha256: String? = nil, retries: Int = 3
  ) throws -> StepHarness.Result {
    try StepHarness.run(
      Download<EventFile>(url: server.url + path, sha256: sha256 ?? digest, retries: retries))
  }

  private func refusal(_ path: String, _ sha256: String? = nil) -> String? {
    do {
      _ = try download(path, sha256)
      return nil
    } catch { return "\(error)" }
  }

  @Test func aFileOfTheRightDigestIsTaken() throws {
    #expect(try download("/ok.csv").text("file") == "hello\n")
    #expect(try download("/a%20file", "sha256:" + digest.uppercased()).text("file") == "hello\n")
    #expect(try download("/redirect").text("file") == "hello\n")
    #expect(try download("/signed/1?signature=s3cr3t%2B").text("file") == "hello\n")
  }

  @Test func anotherDigestIsRefusedWithBothAndOnce() throws {
    let zeros = String(repeating: "0", count: 64)
    #expect(
      refusal("/other-digest?signature=s3cr3t", zeros)
        == "\(server.url)/other-digest gave 6 bytes with sha256:\(digest), expected sha256:\(zeros); "
        + "check the address, and the parameter 'sha256' if the file is meant to have changed")
    #expect(try server.count("/other-digest") == 1)
    #expect(refusal("/ok.csv", "abc")?.hasPrefix("the parameter 'sha256' is 'abc'") == true)
  }

  @Test(
    "steps 3.13, data D12: only what may pass is tried again",
    arguments: [
      (404, 1), (400, 1), (403, 1), (410, 1), (408, 2), (425, 2), (429, 2), (500, 2), (503, 2),
    ])
  func onlyWhatMayPassIsTriedAgain(status: Int, attempts: Int) throws {
    let path = "/status/\(status)"
    let error = #expect(throws: StepFailure.self) { try download(path, retries: 1) }
    #expect(
      error?.description.hasPrefix(
        "can't download \(server.url)\(path): the server answered \(status)") == true)
    #expect(try server.count(path) == attempts)
  }

  @Test func aServerThatRecoversIsEnough() throws {
    #expect(try download("/status/503/2").text("file") == "hello\n")
    #expect(try server.count("/status/503/2") == 3)
    // Fewer bytes than announced: the connection broke.
    #expect(try download("/cut").text("file") == "hello\n")
  }

  @Test func redirectsEndSomewhere() throws {
    #expect(
      refusal("/around")?.hasSuffix("the server redirects without an end; check the address")
        == true)
    #expect(refusal("/elsewhere")?.contains("names no http or https address") == true)
  }

  @Test("steps 3.13: a server that stalls is given up") func aStalledServerIsGivenUp() throws {
    var settings = HTTPSettings()
    settings.stallSeconds = 1
    let space = try TemporarySpace()
    let download = FileDownload(transport: CurlTransport(settings), retries: .never)
    let error = #expect(throws: TransportFailure.self) {
      try download.fetch(WebAddress(server.url + "/stall"), to: space.path + "/file")
    }
    #expect(error?.kind == .timeout)
    // And the settings that steps use have both limits.
    #expect((1...60).contains(HTTPSettings().stallSeconds))
    #expect((1...60_000).contains(HTTPSettings().connectTimeoutMilliseconds))
  }

  @Test("data D3: a query is in no key, a user is refused") func secretsAreKeptOut() throws {
    let step = try Download<EventFile>(
      url: "https://h.example/a/ok.csv?X-Amz-Signature=s3cr3t", sha256: digest)
    let template = try StepTemplate(of: step)
    #expect(
      try template.parameters.canonicalText()
        == #"{"sha256":"\#(digest)","url":"https://h.example/a/ok.csv"}"#)
    #expect(template.unkeyed["query"] == "X-Amz-Signature=s3cr3t")
    let other = try Download<EventFile>(
      url: "HTTPS://h.example/a/ok.csv?X-Amz-Signature=an0ther", sha256: digest, retries: 7)
    #expect(try StepTemplate(of: other).parameters == template.parameters)
  }

  @Test(
    "data D3, D12: addresses that are refused in words",
    arguments: [
      ("http://joe:pa55word@h.example/ok.csv", "must hold no user and no password"),
      ("https://joe@h.example/ok.csv?x=@", "must hold no user and no password"),
      ("ftp://h.example/ok.csv", "'ftp://' is not supported"),
      ("file:///ok.csv", "'file://' is not supported"),
      ("http://h.example/dä ta.csv", "write it as % and two"),
      ("http:///ok.csv", "names no host"),
      ("http://h.example:99999/ok.csv", "names no host, or its port"),
      ("ok.csv", "begins with http:// or https://"),
    ])
  func addressesThatAreRefused(text: String, words: String) {
    let error = #expect(throws: StepFailure.self) {
      try Download<EventFile>(url: text, sha256: digest)
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("pa55word") == false)
  }

  @Test func anAddressIsTakenApart() throws {
    let address = try WebAddress("HTTP://H.example:80/a/b?x=1&y=%20#part")
    #expect("\(address)" == "http://h.example/a/b" && address.query == "x=1&y=%20")
    #expect(try "\(address.redirected(to: "c?z"))" == "http://h.example/a/c")
    #expect(try "\(address.redirected(to: "//i.example/c"))" == "http://i.example/c")
    #expect(try address.redirected(to: "?z").query == "z")
    #expect(try "\(address.redirected(to: "https://i.example"))" == "https://i.example/")
  }

  @Test func stepsOfTheFamilyHaveNamesOfTheirOwn() {
    let names = SourceFamily.steps.map { $0.stepName }
    #expect(Set(names).count == names.count)
    #expect(names.contains("DownloadEventFile") && names.contains("DownloadTableFile"))
  }
}
