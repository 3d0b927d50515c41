// The mock around a program, and on its own: it is there while it is wanted, and gone afterwards.
import AWS
import AtelierTesting
import EndToEndHarness
import Foundation
import HTTP
import S3
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct MockScriptTests {
  private let folder: TemporaryFolder
  private let bucket = "mock-" + UUID().uuidString.lowercased()

  init() throws { folder = try TemporaryFolder() }

  /// Starts the script around a shell's line; the line finds the test's folder in `$HERE`.
  private func start(
    _ line: String, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      TestTools.root + "/.setup/s3-mock.sh", ["/bin/sh", "-c", line],
      environment: variables(environment), captures: folder)
  }

  private func variables(_ more: [String: String] = [:]) -> [String: String] {
    ["MOCK_BUCKET": bucket, "HERE": folder.path].merging(more) { $1 }
  }

  /// The variables that a program wrote into a file of the test's folder, once the file is whole.
  private func told(_ name: String, _ isExport: Bool = false) throws -> [String: String] {
    let end = Date().addingTimeInterval(60)
    while true {
      let text = (try? TestFiles.text(folder(name))) ?? ""
      if text.hasSuffix(isExport ? "AWS_ENDPOINT_URL_STS\n" : "whole=1\n") {
        return Dictionary(
          text.split(separator: "\n").compactMap { line in
            let words = line.replacing("export ", with: "").split(separator: "=", maxSplits: 1)
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
          }, uniquingKeysWith: { $1 })
      }
      guard Date() < end else { throw ProgramError("the mock said only '\(text)'") }
      usleep(20_000)
    }
  }

  /// A client as the variables say, which lists the bucket.
  private func listing(_ variables: [String: String]) throws -> [S3Object] {
    let client = try S3Client(bucket: bucket, settings: AWSSettings(environment: variables))
    var listing = client.list()
    return try listing.all()
  }

  /// Whether the mock of these variables is gone within some seconds, with all its processes.
  private func isGone(_ variables: [String: String]) throws -> Bool {
    let url = try #require(variables["AWS_ENDPOINT_URL"].flatMap { ServiceURL($0) })
    let end = Date().addingTimeInterval(10)
    while Date() < end {
      let answer = try? CurlTransport().perform(
        HTTPRequest("GET", url, path: "/"), sink: MemorySink(limit: 1 << 20),
        isCancelled: { false })
      if answer == nil { return ProcessTable.left(mentioning: bucket, after: 5).isEmpty }
      usleep(50_000)
    }
    return false
  }

  private static let waiting = "env > $HERE/env; echo whole=1 >> $HERE/env; exec sleep 60"

  @Test func theExitCodePassesThroughAndTheServerEnds() throws {
    let ended = try start("env > $HERE/env; echo whole=1 >> $HERE/env; echo data; exit 7").wait()
    #expect(ended.code == 7 && ended.out == "data\n", "\(ended.err)")
    #expect(try isGone(told("env")))
    let absent = try RunningProgram(
      TestTools.root + "/.setup/s3-mock.sh", ["/no/such/program"], environment: variables(),
      captures: folder
    ).wait()
    #expect(absent.code == 127 && absent.err.contains("/no/such/program"))
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
  func aSignalEndsBoth(_ signal: Int32) throws {
    let running = try start(Self.waiting)
    let variables = try told("env")
    #expect(try listing(variables).isEmpty)
    running.signal(signal)
    #expect(try running.wait().code == 128 + signal)
    #expect(try isGone(variables))
  }

  @Test func nothingLeadsElsewhere() throws {
    let elsewhere = "http://127.0.0.1:9"
    let running = try start(
      Self.waiting,
      environment: [
        "AWS_ENDPOINT_URL": elsewhere, "AWS_ENDPOINT_URL_S3": elsewhere, "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "token", "AWS_ACCESS_KEY_ID": "work", "NO_PROXY": "intranet",
        "ATELIER_AWS_ENDPOINT_URL": elsewhere, "ATELIER_AWS_PROFILE": "work",
      ])
    let variables = try told("env")
    #expect(!variables.values.contains(elsewhere))
    #expect(variables["ATELIER_AWS_ENDPOINT_URL"] == variables["AWS_ENDPOINT_URL"])
    #expect(variables["ATELIER_AWS_S3_BUCKET_NAME"] == bucket)
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "ATELIER_AWS_PROFILE"] {
      #expect(variables[name] == nil)
    }
    #expect(variables["AWS_ACCESS_KEY_ID"] == "mock")
    #expect(variables["NO_PROXY"] == "intranet,127.0.0.1")
    #expect(try listing(variables).isEmpty)
    running.signal(SIGTERM)
    #expect(try running.wait().code == 128 + SIGTERM)
  }

  @Test func aloneItPrintsTheEnvironmentAndWaits() throws {
    let running = try RunningProgram(
      "/bin/sh", ["-c", "exec \(TestTools.root)/.setup/s3-mock.sh > $HERE/env"],
      environment: variables(), captures: folder)
    let variables = try told("env", true)
    #expect(try listing(variables).isEmpty)
    running.signal(SIGINT)
    let ended = try running.wait()
    #expect(ended.code == 128 + SIGINT)
    #expect(ended.err.contains("s3://\(bucket) is there"), "\(ended.err)")
    #expect(try isGone(variables))
  }

  @Test func aBucketNameThatS3RefusesIsSaid() throws {
    let ended = try RunningProgram(
      TestTools.root + "/.setup/s3-mock.sh", ["true"], environment: ["MOCK_BUCKET": "A_"],
      captures: folder
    ).wait()
    #expect(ended.code == 5)
    #expect(ended.err.contains("'A_'") && ended.err.contains("MOCK_BUCKET"), "\(ended.err)")
  }
}
