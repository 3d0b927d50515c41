// The members of a segment into a data set of the platform, on demand.
import AdobePlatform
import Content
import HTTP

/// An export job that ended badly.
package struct FailedExportJob: Error, Hashable, Sendable, CustomStringConvertible {
  package let job: String
  package let segment: String
  package let status: String

  package var description: String {
    "export job \(job) of the members of the segment \(segment) ended \(status); the next run starts "
      + "another one"
  }
}

/// Writes the members of a segment into a data set.
package struct MemberExport: Sendable {
  package let client: PlatformClient
  private static let path = "/data/core/ups/export/jobs"

  package init(_ client: PlatformClient) { self.client = client }

  /// Runs one export job and gives its id when it succeeded; goes on after it was killed.
  package func run(
    segment: String, fields: [String], into dataset: String, intent: IntentFile
  ) throws -> String {
    let known = try intent.load()
    var ids = known?.phase == "failed" ? [:] : known?.ids ?? [:]
    func save(_ phase: String) throws { try intent.save(Intent(phase: phase, ids: ids)) }
    if ids["job"] == nil {
      if ids["after"] == nil {
        ids["after"] = "\(try jobs(segment, dataset).max() ?? -1)"
        try save("asked")
      }
      let after = ids["after"].flatMap { Int64($0) } ?? -1
      let job = try client.once {
        try jobs(segment, dataset).filter { $0 > after }.min()
      } make: {
        try start(segment, fields, dataset)
      }
      ids["job"] = "\(job)"
      try save("started")
    }
    let job = ids["job"] ?? ""
    do {
      try ended(job, segment)
      try save("done")
      return job
    } catch let failure as FailedExportJob {
      try save("failed")
      throw failure
    }
  }

  private func start(_ segment: String, _ fields: [String], _ dataset: String) throws -> Int64 {
    let answer = try client.post(
      Self.path, [],
      [
        "fields": .string(fields.joined(separator: ",")),
        "filter": [
          "segments": [
            [
              "segmentId": .string(segment), "segmentNs": "ups",
              "status": ["realized", "existing"],
            ]
          ]
        ], "destination": ["datasetId": .string(dataset), "segmentPerBatch": false],
        "schema": ["name": "_xdm.context.profile"],
      ])
    guard let id = Self.id(answer) else {
      throw UnexpectedAnswer("POST \(Self.path)", expected: "id")
    }
    return id
  }

  /// The ids of jobs with that segment and data set; they count up.
  private func jobs(_ segment: String, _ dataset: String) throws -> [Int64] {
    let answer = try client.get(Self.path, [QueryItem("limit", "100")])
    return (answer["records"]?.array ?? []).filter { job in
      job["destination"]?["datasetId"]?.string == dataset
        && (job["filter"]?["segments"]?.array?.contains { $0["segmentId"]?.string == segment }
          ?? false)
    }.compactMap(Self.id)
  }

  private func ended(_ job: String, _ segment: String) throws {
    try client.wait(for: "export job \(job)") { () -> WaitStep<Void> in
      let status = try client.find("\(Self.path)/\(pathPart(job))")?["status"]?.string
      guard status != "FAILED" else {
        throw FailedExportJob(job: job, segment: segment, status: "FAILED")
      }
      return status == "SUCCEEDED" ? .done(()) : .waiting(status ?? "not listed yet")
    }
  }

  private static func id(_ json: JSONValue) -> Int64? {
    json["id"]?.integer(in: 0...(1 << 53))
      ?? json["id"]?.number.flatMap { (0...9e15).contains($0) ? Int64($0) : nil }
  }
}
