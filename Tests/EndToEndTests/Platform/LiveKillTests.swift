// A run that is killed at any phase goes on: the same results, and no call made twice.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness
import Testing

@Suite(
  .programs, .enabled(if: PlatformSandbox.isInstalled, Comment(rawValue: PlatformSandbox.absence)))
struct LiveKillTests {
  /// Calls at whose answer the program is killed: the platform has done its part, and nobody knows.
  static let phases = [
    "POST /data/foundation/import/batches", "PUT /data/foundation/import/batches",
    "GET /data/foundation/catalog/batches/", "POST /data/foundation/query/queries",
    "GET /data/foundation/query/queries/", "GET /data/foundation/export/files",
    "POST /data/core/ups/segment/definitions", "POST /data/core/ups/segment/jobs",
    "GET /data/core/ups/segment/jobs/",
  ]

  @Test func killedAtEachPhaseItGoesOn() throws {
    let live = try LiveSpace()
    for phase in Self.phases {
      // The answer never comes, so the program waits in the middle of the call.
      try live.platform.spoil(["match": .string(phase), "times": 1, "hang": true, "effect": true])
      let before = try live.platform.count(phase)
      let program = try live.space.begin(["run", "week5"])
      try waitUntil("the call \(phase)") { try live.platform.count(phase) > before }
      program.end()
      try live.platform.spoil()
    }
    let there = try live.space.run()
    #expect(
      try live.made() == ["batches": 3, "tables": 2, "segments": 1, "jobs": 1])
    let here = try live.local()
    for output in comparedOutputs {
      #expect(there.digest(output) == here.digest(output), "\(output)")
    }
    #expect(try live.platform.violations() == [])
  }
}
