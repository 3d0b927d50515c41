// Definitions by name, one job for each, and whether it reached everybody.
import AdobePlatform
import Content
import HTTP

/// Segments of the platform.
package struct SegmentService: Sendable {
  package let client: PlatformClient
  static let root = "/data/core/ups"
  private static let mostPages = 1000

  /// Asked with the segment's id before a job is started; may throw, and then none is.
  package var willStart: @Sendable (String) throws -> Void = { _ in }

  package init(_ client: PlatformClient) { self.client = client }

  // MARK: - Definitions

  /// The id of the segment of a name, made where there is none.
  ///
  /// One that is there must have the rule; else `DifferingSegment` is thrown.
  package func ensure(_ wish: SegmentDefinition) throws -> String {
    let path = "\(Self.root)/segment/definitions"
    return try client.once {
      guard let found = try definition(named: wish.name) else { return nil }
      guard let id = found["id"]?.string, PlatformID.isValid(id) else {
        throw UnexpectedAnswer("GET \(path)", expected: "id of the segment \(wish.name)")
      }
      if let difference = wish.difference(from: found) {
        throw DifferingSegment(
          name: wish.name, id: id, member: difference.member, found: difference.found,
          expected: difference.expected)
      }
      return id
    } make: {
      let answer = try client.post(path, [], wish.json)
      guard let id = answer["id"]?.string, PlatformID.isValid(id) else {
        throw UnexpectedAnswer("POST \(path)", expected: "id")
      }
      return id
    }
  }

  /// The definition of a name; nil where there is none.
  private func definition(named name: String) throws -> JSONValue? {
    let path = "\(Self.root)/segment/definitions"
    for page in 0..<Self.mostPages {
      let answer = try client.get(
        path, [QueryItem("limit", "100"), QueryItem("page", "\(page)")])
      let segments = answer["segments"]?.array ?? []
      if let found = segments.first(where: { $0["name"]?.string == name }) { return found }
      let pages = answer["page"]?["totalPages"]?.integer(in: 0...Int64(Self.mostPages)) ?? 1
      if segments.isEmpty || page + 1 >= pages { return nil }
    }
    throw UnexpectedAnswer("GET \(path)", expected: "last page")
  }

  /// Removes a segment by its name; false where there is none.
  package func delete(named name: String) throws -> Bool {
    guard let id = try definition(named: name)?["id"]?.string, PlatformID.isValid(id) else {
      return false
    }
    return try client.delete("\(Self.root)/segment/definitions/\(pathPart(id))")
  }

  // MARK: - Jobs

  /// Evaluates a segment once and gives the job, when it reached `expected` profiles.
  ///
  /// The job is looked for before one is asked for, by its id in the intent, else as one that is newer
  /// than those before. Without an intent a job that began after `since` (milliseconds since 1970, when
  /// the scores had come) and reached as many is taken: another machine asked for it. Throws
  /// `FailedSegmentJob` and `WrongReach`; after one that reached too few the next call starts another
  /// job, and after one that reached too many it throws the same again.
  package func evaluate(
    segment: String, expected: Int64, since: Int64 = .max, intent: IntentFile
  ) throws -> SegmentJob {
    let known = try intent.load()
    if known == nil, let job = try taken(segment, expected, since) {
      try intent.save(Intent(phase: "done", ids: ["segment": segment, "job": job.id]))
      return job
    }
    if known?.phase == "exceeded", known?.ids["segment"] == segment {
      throw WrongReach(
        job: known?.ids["job"] ?? "?", segment: segment,
        reached: known?.ids["reached"].flatMap { Int64($0) }, expected: expected)
    }
    var ids = known?.phase == "failed" ? [:] : known?.ids ?? [:]
    if ids["segment"] != segment { ids = ["segment": segment] }
    func save(_ phase: String) throws { try intent.save(Intent(phase: phase, ids: ids)) }
    if ids["job"] == nil {
      if ids["after"] == nil {
        ids["after"] = "\(try jobs(of: segment).map(\.created).max() ?? -1)"
        try save("asked")
      }
      let after = ids["after"].flatMap { Int64($0) } ?? -1
      ids["job"] = try client.once {
        try jobs(of: segment).last { $0.created > after }?.id
      } make: {
        try start(segment)
      }
      try save("started")
    }
    do {
      let job = try ended(ids["job"] ?? "", segment)
      guard job.reached[segment] == expected else {
        throw WrongReach(
          job: job.id, segment: segment, reached: job.reached[segment], expected: expected)
      }
      try save("done")
      return job
    } catch {
      // More profiles than scores do not become fewer by waiting.
      if let wrong = error as? WrongReach, let reached = wrong.reached, reached > expected {
        ids["reached"] = "\(reached)"
        try save("exceeded")
      } else if error is FailedSegmentJob || error is WrongReach {
        try save("failed")
      }
      throw error
    }
  }

  /// A job that somebody else asked for after the scores had come, and that reached as many.
  private func taken(_ segment: String, _ expected: Int64, _ since: Int64) throws -> SegmentJob? {
    for job in try jobs(of: segment) where job.created > since && !job.hasFailed {
      let end = try ended(job.id, segment)
      if end.reached[segment] == expected { return end }
    }
    return nil
  }

  /// The jobs with a segment, newest first.
  package func jobs(of segment: String) throws -> [SegmentJob] {
    let answer = try client.get(
      "\(Self.root)/segment/jobs",
      [
        QueryItem("property", "segments~segmentId==\(segment)"),
        QueryItem("sort", "creationTime:desc"), QueryItem("limit", "100"),
      ])
    return (answer["children"]?.array ?? []).filter { job in
      job["segments"]?.array?.contains {
        $0["segmentId"]?.string == segment || $0["segment"]?["id"]?.string == segment
      } ?? false
    }.compactMap { SegmentJob($0) }.sorted { ($1.created, $1.id) < ($0.created, $0.id) }
  }

  private func start(_ segment: String) throws -> String {
    try willStart(segment)
    let path = "\(Self.root)/segment/jobs"
    let answer = try client.post(path, [], [["segmentId": .string(segment)]])
    guard let job = SegmentJob(answer) else {
      throw UnexpectedAnswer("POST \(path)", expected: "id")
    }
    return job.id
  }

  private func ended(_ id: String, _ segment: String) throws -> SegmentJob {
    let path = "\(Self.root)/segment/jobs/\(pathPart(id))"
    return try client.wait(for: "segment job \(id)") {
      guard let job = try client.find(path).flatMap({ SegmentJob($0) }) else {
        return .waiting("not listed yet")
      }
      guard !job.hasFailed else {
        throw FailedSegmentJob(
          job: id, segment: segment, status: job.status, errors: job.errors)
      }
      return job.hasSucceeded ? .done(job) : .waiting(job.status)
    }
  }
}
