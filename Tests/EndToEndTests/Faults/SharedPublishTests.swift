// Several machines publish at once at an endpoint without conditions: no export is mixed, no batch of a
// feature group is lost (store faults 1 and 2).
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct SharedPublishTests {
  /// Starts a verb of a workshop on a machine of the project's bucket.
  private func start(
    _ project: StrictProject, _ machine: String, _ words: [String], _ settings: [String: String],
    _ environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let all = settings.merging([
      "Atelier.root": project.store(machine), "Atelier.store": "s3",
      "AWS.s3_bucket_name": project.bucket,
    ]) { $1 }
    return try RunningProgram(
      [try Space.program()] + words
        + all.sorted { $0.key < $1.key }.flatMap {
          ["--set", "\($0.key)=\($0.value)"]
        },
      environment: Space.tools.merging(project.environment) { $1 }.merging(environment) { $1 },
      folder: project.space.folder.path, captures: project.space.folder.path)
  }

  /// A project's folder with a workshop's configuration.
  private func project(_ kind: String, _ workshop: String) throws -> StrictProject {
    let project = try StrictProject(kind, [])
    try project.space.folder.write(
      TestFiles.text(TestTools.root + "/Workshops/\(workshop)/config.ini"),
      to: "Workshops/\(workshop)/config.ini")
    return project
  }

  @Test("Store 1: an export holds the files of one run", arguments: ["ignore", "501"])
  func twoDeliverAtOnce(_ kind: String) throws {
    let project = try project(kind, "Propensity")
    // A write takes its time between the check and the effect.
    try project.set(["delay": 0.15])
    let runs = try ["500", "600"].map { users in
      try start(
        project, users, ["run", "week3", "--json"],
        ["Atelier.users": users, "Atelier.batches": "6"], ["SOURCE_DATE_EPOCH": "1767225600"])
    }
    for run in runs {
      let ended = try run.wait(seconds: 200)
      #expect(ended.code == 0, "\(ended.err)\(ended.out)")
    }
    var listing = try project.client().list(prefix: "")
    var exports: [String: Set<Int64>] = [:]
    for object in try listing.all() where object.key.contains("exportTime=") {
      let name = object.key.split(separator: "/").dropLast().joined(separator: "/")
      exports[name, default: []].insert(object.size)
    }
    #expect(exports.count == 2, "\(exports)")
    // 500 users and 600 give parts of other sizes: none is in both exports.
    let sizes = exports.values.map(\.self)
    if sizes.count == 2 { #expect(sizes[0].isDisjoint(with: sizes[1]), "\(exports)") }
    #expect(sizes.allSatisfy { $0.count > 1 }, "\(exports)")
  }

  @Test("Store 2: a group keeps the batches of all machines", arguments: ["ignore", "501"])
  func fourIngestAtOnce(_ kind: String) throws {
    let project = try project(kind, "Abalone")
    for name in ["abalone", "uci"] {
      let path = "Workshops/Abalone/Flows/\(name).flow.json"
      try project.space.folder.write(TestFiles.text("\(TestTools.root)/\(path)"), to: path)
    }
    try project.set(["delay": 0.15])
    let runs = try (1...4).map { number in
      try start(
        project, "m\(number)", ["run", "abalone/ingest", "--json"],
        [
          "Abalone.rows": "20\(number)", "Abalone.feature_group": "g",
          "Abalone.record_time": "2026-02-0\(number)T00:00:00Z",
        ])
    }
    for run in runs {
      let ended = try run.wait(seconds: 200)
      #expect(ended.code == 0, "\(ended.err)\(ended.out)")
    }
    let query = try start(
      project, "m1",
      [
        "features", "query", "SELECT count(*), max(batch) FROM g", "-w", "abalone", "--format",
        "csv",
      ],
      [:]
    ).wait(seconds: 100)
    #expect(query.out.split(separator: "\n").last == "810,4", "\(query.out)\(query.err)")
  }
}
