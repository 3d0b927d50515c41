// Who works on a key tells the others, and a lease that nobody renews stops nobody.
import Content
import RemoteCache
import Synchronization
import Testing

@Suite struct LeaseTests {
  let bucket = MemoryBucket()

  private func claim(_ machine: Machine, _ key: ActionKey) throws -> (ActionResult?, waits: Int) {
    var waits = 0
    let result = try machine.shared.claim(key, isCancelled: { false }, waiting: { waits += 1 })
    return (result, waits)
  }

  private func lease(_ key: ActionKey) -> String {
    "team/project/.atelier/leases/\(key.digest.hex)"
  }

  @Test func theFirstBuildsAndItsLeaseEndsWithTheUpload() throws {
    let machine = try Machine(bucket)
    let result = try machine.result("one", ["a": try machine.adopt("text")])
    let claimed = try claim(machine, result.key)
    #expect(claimed.0 == nil && claimed.waits == 0)
    #expect(bucket[lease(result.key)] != nil)
    try machine.add(result)
    #expect(bucket[lease(result.key)] == nil)
  }

  @Test func theSecondWaitsForTheResult() throws {
    let first = try Machine(bucket, host: "first")
    let result = try first.result("one", ["a": try first.adopt("text")])
    _ = try claim(first, result.key)
    let second = try Machine(bucket, host: "second")
    var waits = 0
    let found = try second.shared.claim(result.key, isCancelled: { false }) {
      waits += 1
      #expect((try? first.add(result)) != nil)
    }
    #expect(found == result)
    #expect(waits == 1)
  }

  @Test func theSecondBuildsWhenTheFirstGivesUp() throws {
    let first = try Machine(bucket, host: "first")
    let key = try first.result("one", [:]).key
    _ = try claim(first, key)
    let second = try Machine(bucket, host: "second")
    let found = try second.shared.claim(key, isCancelled: { false }) {
      first.shared.endLease(key)
    }
    #expect(found == nil)
    #expect(bucket[lease(key)] != nil)
    // The first must not end what is no longer its own.
    first.shared.endLease(key)
    #expect(bucket[lease(key)] != nil)
  }

  @Test func whatAKilledRunOfThisMachineLeftStopsNobodyHere() throws {
    let first = try Machine(bucket)
    let key = try first.result("one", [:]).key
    _ = try claim(first, key)
    let again = try claim(try Machine(bucket, at: first), key)
    #expect(again.0 == nil && again.waits <= 1)
  }

  @Test func aLeaseLongPastStopsNobody() throws {
    let machine = try Machine(bucket)
    let key = try machine.result("one", [:]).key
    bucket.overwrite(lease(key), Array(#"{"expires":1000,"holder":"someone"}"#.utf8))
    #expect(try claim(machine, key).0 == nil)
    bucket.overwrite(lease(key), Array("garbage".utf8))
    #expect(try claim(machine, key).0 == nil)
  }

  /// Short ones.
  private var times: LeaseTimes {
    var times = LeaseTimes()
    times.lifetime = 600
    times.renewal = 100
    times.pause = 50
    return times
  }

  @Test func aLeaseThatIsRenewedHoldsBeyondItsLife() throws {
    let first = try Machine(bucket, leaseTimes: times)
    let result = try first.result("one", ["a": try first.adopt("text")])
    _ = try claim(first, result.key)
    let second = try Machine(bucket, leaseTimes: times)
    let began = ContinuousClock.now
    let found = try second.shared.claim(
      result.key,
      isCancelled: {
        // Three lives later the first is done.
        if began.duration(to: .now) > .milliseconds(1800), bucket[lease(result.key)] != nil {
          #expect((try? first.add(result)) != nil)
        }
        return began.duration(to: .now) > .seconds(300)
      }, waiting: {})
    #expect(found == result)
    #expect(began.duration(to: .now) > .milliseconds(1800))
  }

  @Test func aLeaseThatNobodyRenewsEndsWhateverItSays() throws {
    let machine = try Machine(bucket, leaseTimes: times)
    let key = try machine.result("one", [:]).key
    let abandoned = Array(#"{"expires":9000000000000,"holder":"someone"}"#.utf8)
    bucket.overwrite(lease(key), abandoned)
    let began = ContinuousClock.now
    #expect(try claim(machine, key).0 == nil)
    #expect(began.duration(to: .now) > .milliseconds(500))
    #expect(bucket[lease(key)] != abandoned)
  }

  @Test func withoutConditionsThereIsNoLease() throws {
    bucket.state.withLock { $0.ignoresConditions = true }
    let machine = try Machine(bucket)
    let key = try machine.result("one", [:]).key
    _ = try claim(machine, key)
    #expect(bucket[lease(key)] == nil)
  }

  @Test func anOutageStopsNobody() throws {
    let machine = try Machine(bucket)
    bucket.fail("PROBE", .transport(.connect))
    #expect(try claim(machine, try machine.result("one", [:]).key).0 == nil)
    #expect(machine.talk.count == 1)
  }
}
