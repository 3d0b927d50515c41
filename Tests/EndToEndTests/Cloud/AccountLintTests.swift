// The templates of accounts and projects, judged by their linter.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct AccountLintTests {
  @Test func everyTemplateIsCleanForItsLinterAndFitsARequest() throws {
    let space = try AccountSpace(.folders)
    let names = try space.atelier("accounts", "template").out.split(separator: "\n")
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(names).count == 10, "\(names)")
    let folder = try TemporaryFolder()
    var files: [String] = []
    func keep(_ text: String, _ name: String) throws {
      #expect(text.utf8.count <= 51_200, "\(name): \(text.utf8.count) bytes")
      files.append(folder("\(name).json"))
      try text.write(toFile: folder("\(name).json"), atomically: true, encoding: .utf8)
    }
    for name in Set(names) { try keep(space.atelier("accounts", "template", name).out, name) }
    try keep(space.atelier("project", "ci", "churn", "--format", "template").out, "ci")
    try keep(space.atelier("project", "ingestion", "template").out, "ingestion")
    for product in try space.products() { try keep(product.text, product.name) }
    let linted = try Space.start(
      BucketServer.venv + "/bin/cfn-lint", ["--regions", "eu-west-1", "--template"] + files,
      environment: Space.tools, folder: folder.path)
    #expect(linted.code == 0, "\(linted.out)")
  }

  @Test func theScriptIsOneOfTheShell() throws {
    let space = try AccountSpace(.folders)
    let script = try space.atelier("project", "ci", "churn", "--format", "script").out
    let folder = try TemporaryFolder()
    try script.write(toFile: folder("ci.sh"), atomically: true, encoding: .utf8)
    let parsed = try Space.start(
      "/bin/sh", ["-n", folder("ci.sh")], environment: [:], folder: folder.path)
    #expect(parsed.code == 0, "\(parsed.err)")
    let unused = try Space.start(
      "/bin/sh", [folder("ci.sh"), "deploy", "dev", "x"],
      environment: ["PATH": "/usr/bin:/bin", "ATELIER_WORKSHOP": "churn"], folder: folder.path)
    #expect(unused.code == 2 && unused.err.contains("usage"))
  }
}
