// Which results and blobs a collection chooses, by what a store holds.
import Content
import Testing

@testable import RemoteCache
@testable import StoreMaintenance

@Suite struct CollectionPlanTests {
  private let now = Timestamp(milliseconds: 1_700_000_000_000)

  private func moment(daysAgo days: Int64) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds - days * 86_400_000)
  }

  private func limits(
    keepRuns: Int = 1, days: Int64 = 30, size: Int64? = nil, grace: Int64 = 0
  ) -> CollectionLimits {
    var limits = CollectionLimits(now: now)
    limits.keepRuns = keepRuns
    limits.maxAge = days * 86_400_000
    limits.maxSize = size
    limits.grace = grace
    return limits
  }

  private func key(_ name: String) throws -> ActionKey { ActionKey(try Digest.of(name)) }

  /// Adds a result with blobs of ten bytes each.
  private func add(
    _ name: String, _ blobs: [String], daysAgo days: Int64, to inventory: inout StoreInventory,
    lacking: Set<String> = [], trees: [Digest] = []
  ) throws {
    for blob in blobs where !lacking.contains(blob) {
      inventory.blobs[try Digest.of(blob)] = StoreInventory.Blob(size: 10, written: nil)
    }
    inventory.entries.append(
      StoreInventory.Entry(
        key: try key(name), written: moment(daysAgo: days),
        blobs: try blobs.map { SizedDigest(digest: try Digest.of($0), size: 10) },
        trees: trees, isWhole: lacking.isEmpty))
  }

  private func run(
    _ group: String, _ names: [String], daysAgo days: Int64, uncachedOutputs: Set<Digest> = []
  ) throws -> RunRoots {
    RunRoots(
      id: RunID(startedAt: moment(daysAgo: days)), group: group,
      steps: try Dictionary(uniqueKeysWithValues: names.map { ($0, try key($0)) }),
      uncachedOutputs: uncachedOutputs)
  }

  private func names(_ keys: some Sequence<ActionKey>, among names: [String]) throws -> [String] {
    let keys = Set(keys)
    return try names.filter { keys.contains(try key($0)) }
  }

  @Test func whatTheNewestRunsHoldStaysHoweverOldItIs() throws {
    var inventory = StoreInventory()
    for name in ["old", "older", "other"] {
      try add(name, ["blob of \(name)"], daysAgo: 400, to: &inventory)
    }
    inventory.runs = [
      try run("w", ["old"], daysAgo: 300), try run("w", ["older"], daysAgo: 350),
      try run("v", ["other"], daysAgo: 399),
    ]
    let plan = CollectionPlan(inventory, limits())
    #expect(plan.results.map(\.key) == [try key("older")])
    #expect(plan.results.map(\.reason) == [.unused])
    #expect(plan.blobs.map(\.digest) == [try Digest.of("blob of older")])
    #expect(plan.runs == [inventory.runs[1].id])
    #expect(plan.removedBytes == 10 && plan.keptBytes == 20 && plan.keptBlobs == 2)
    #expect(CollectionPlan(inventory, limits(keepRuns: 2)).results.isEmpty)
    let tagged = CollectionPlan(inventory, limits(), tagged: [inventory.runs[1].id])
    #expect(tagged.results.isEmpty && tagged.runs.isEmpty)
  }

  @Test func aTaggedRunTakesNoPlaceOfANewOne() throws {
    var inventory = StoreInventory()
    inventory.runs = try (1...3).map { try run("w", [], daysAgo: $0) }
    let plan = CollectionPlan(inventory, limits(keepRuns: 2), tagged: [inventory.runs[2].id])
    #expect(plan.runs.isEmpty)
  }

  @Test func aRecordedRunCountsAsUse() throws {
    var inventory = StoreInventory()
    try add("used", ["a"], daysAgo: 100, to: &inventory)
    try add("unused", ["b"], daysAgo: 100, to: &inventory)
    inventory.runs = [try run("w", [], daysAgo: 1), try run("w", ["used"], daysAgo: 20)]
    let plan = CollectionPlan(inventory, limits())
    #expect(plan.results.map(\.key) == [try key("unused")])
    #expect(plan.results.first?.lastUse == moment(daysAgo: 100))
  }

  @Test func sizeTakesTheLeastRecentlyUsedAndCountsSharedBlobsOnce() throws {
    var inventory = StoreInventory()
    try add("rooted", ["r", "shared"], daysAgo: 90, to: &inventory)
    try add("first", ["shared"], daysAgo: 9, to: &inventory)
    try add("second", ["s", "twice"], daysAgo: 8, to: &inventory)
    try add("third", ["t", "twice"], daysAgo: 7, to: &inventory)
    inventory.runs = [try run("w", ["rooted"], daysAgo: 90)]
    let all = ["rooted", "first", "second", "third"]
    func kept(_ size: Int64) throws -> [String] {
      try names(CollectionPlan(inventory, limits(size: size)).keptResults, among: all)
    }
    // Five blobs of ten bytes.
    #expect(try kept(50) == all)
    // The first gives nothing back, since its blob stays; the second gives one.
    #expect(try kept(49) == ["rooted", "third"])
    #expect(try kept(40) == ["rooted", "third"])
    #expect(try kept(39) == ["rooted"])
    let plan = CollectionPlan(inventory, limits(size: 0))
    #expect(try names(plan.keptResults, among: all) == ["rooted"])
    #expect(plan.keptBytes == 20 && plan.removedBytes == 30)
    #expect(Set(plan.results.map(\.reason)) == [.size])
  }

  @Test func aResultWithoutABlobGoesUnlessItsBlobsLieElsewhere() throws {
    var inventory = StoreInventory()
    try add("half", ["a", "b"], daysAgo: 0, to: &inventory, lacking: ["b"])
    inventory.runs = [try run("w", ["half"], daysAgo: 0)]
    let plan = CollectionPlan(inventory, limits())
    #expect(plan.results.map(\.reason) == [.incomplete])
    #expect(plan.blobs.map(\.digest) == [try Digest.of("a")])
    #expect(CollectionPlan(inventory, limits(), promised: [try key("half")]).results.isEmpty)
  }

  @Test func whatIsToBeSentStays() throws {
    var inventory = StoreInventory()
    try add("pending", ["a"], daysAgo: 400, to: &inventory)
    #expect(CollectionPlan(inventory, limits(), pinned: [try key("pending")]).results.isEmpty)
    #expect(CollectionPlan(inventory, limits()).results.count == 1)
  }

  @Test func bytesThatNoResultNamesStayWithTheirRun() throws {
    var inventory = StoreInventory()
    let uncachedOutputs = try Digest.of("uncachedOutputs")
    inventory.blobs[uncachedOutputs] = StoreInventory.Blob(size: 3, written: nil)
    inventory.blobs[try Digest.of("nobody's")] = StoreInventory.Blob(size: 4, written: nil)
    inventory.runs = [try run("w", [], daysAgo: 1, uncachedOutputs: [uncachedOutputs])]
    #expect(CollectionPlan(inventory, limits()).blobs.map(\.size) == [4])
  }

  @Test func whatIsYoungStaysWhateverItIs() throws {
    var inventory = StoreInventory()
    let day: Int64 = 86_400_000
    try add("young", ["a"], daysAgo: 0, to: &inventory, lacking: ["a"])
    try add("half", ["b"], daysAgo: 2, to: &inventory, lacking: ["b"])
    let times = [moment(daysAgo: 0), moment(daysAgo: 2), nil]
    for (number, time) in times.enumerated() {
      inventory.blobs[try Digest.of("blob \(number)")] = StoreInventory.Blob(size: 1, written: time)
    }
    let plan = CollectionPlan(inventory, limits(days: 0, grace: day))
    #expect(plan.results.map(\.key) == [try key("half")])
    #expect(plan.blobs.map(\.digest) == [try Digest.of("blob 1")])
  }

  @Test func theTreesOfWhatGoesAreNotKept() throws {
    var inventory = StoreInventory()
    let trees = try ["t", "u"].map { try Digest.of($0) }
    try add("one", ["t", "x"], daysAgo: 9, to: &inventory, trees: [trees[0]])
    try add("two", ["u"], daysAgo: 1, to: &inventory, trees: [trees[1]])
    #expect(CollectionPlan(inventory, limits(size: 10)).keptTrees == [trees[1]])
    #expect(CollectionPlan(inventory, limits()).keptTrees == Set(trees))
  }

  @Test func theNameOfARunTellsItsTime() {
    let time = Timestamp(milliseconds: 1_763_725_734_123)
    #expect(RunID(startedAt: time).startedAt == time)
  }
}
