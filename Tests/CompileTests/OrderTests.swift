// How a plan is cut into jobs and branches.
import Atelier
import AtelierStep
import Compile
import Plans
import Testing

@Suite struct OrderTests {
  /// The order as words: waves by `;`, blocks by `|`, nodes of a job in brackets.
  private func words(_ plan: Plan, _ grain: Grain) -> String {
    func words(_ waves: [[JobBlock]]) -> String {
      waves.map { wave in
        wave.map { block in
          switch block {
          case .job(let unit):
            "\(unit.name)[\(unit.nodes.map(\.name).joined(separator: " "))]"
          case .branch(let branch):
            "\(branch.name)?(\(words(branch.then)):\(words(branch.otherwise)))"
          }
        }.joined(separator: "|")
      }.joined(separator: ";")
    }
    return words(JobOrder(plan, grain: grain).waves)
  }

  private func branching() throws -> Plan {
    try plan("one", "two", "three") { p in
      let source = p.source("one.file", path: "data", as: Numbers.self)
      let made = p.add("one.make", Make(from: [source])).numbers
      p.deliver("one.out", made, to: Publication(bucket: "b", prefix: "", dataset: "d"))
      let choice = p.add("one.judge", Judge(numbers: made)).choice
      let taken = p.branch("two.taken", on: choice) { p in
        let more = p.add("two.good", Make(from: [made])).numbers
        let again = p.add("two.toss", Toss(numbers: more)).choice
        return p.branch("two.inner", on: again) { p in
          p.add("two.better", Make(from: [more])).numbers
        } otherwise: { _ in
          more
        }
      } otherwise: { p in
        p.add("two.bad", Make()).numbers
      }
      p.add("three.last", Make(from: [taken]))
      p.add("three.side", Make(from: [made]))
    }
  }

  @Test func aStageIsAJobAndAnArmIsOne() throws {
    #expect(
      try words(branching(), .stage) == "one[one.make one.out one.judge];"
        + "two.taken?(two-then[two.good two.toss];two.inner?(two-then-then[two.better]:)"
        + ":two-otherwise[two.bad]);three[three.last three.side]")
  }

  @Test func aStepIsAJobWithWhatIsDeliveredOfIt() throws {
    #expect(
      try words(branching(), .step) == "one.make[one.make one.out];"
        + "one.judge[one.judge]|three.side[three.side];"
        + "two.taken?(two.good[two.good];two.toss[two.toss];"
        + "two.inner?(two.better[two.better]:):two.bad[two.bad]);three.last[three.last]")
  }

  @Test func theWholeIsOneJobThatDecidesItself() throws {
    let order = try JobOrder(branching(), grain: .whole)
    #expect(order.jobs.count == 1 && order.branches.isEmpty)
    #expect(order.jobs[0].name == "orchard" && order.jobs[0].nodes.count == 11)
  }

  @Test func stagesThatNeedEachOtherAreCut() throws {
    let plan = try plan("one", "two") { p in
      let first = p.add("one.first", Make()).numbers
      let between = p.add("two.between", Make(from: [first])).numbers
      let last = p.add("one.last", Make(from: [between])).numbers
      p.add("two.end", Make(from: [last]))
    }
    #expect(
      words(plan, .stage) == "one[one.first];two[two.between];one-2[one.last];two-2[two.end]")
  }

  @Test func whatNeedsNothingOfEachOtherIsOneWave() throws {
    let plan = try plan("one", "two", "three") { p in
      let first = p.add("one.first", Make()).numbers
      p.add("two.a", Make(from: [first]))
      p.add("three.b", Make(from: [first]))
    }
    #expect(words(plan, .stage) == "one[one.first];two[two.a]|three[three.b]")
  }

  @Test func everyNodeIsInOneJobAndAfterWhatItNeeds() throws {
    // Random graphs: each node needs some earlier ones.
    var random = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      let stages = ["a", "b", "c"]
      var seeds: [(String, [Int])] = []
      for index in 0..<Int.random(in: 1...25, using: &random) {
        let needed = (0..<index).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        seeds.append((stages.randomElement(using: &random) ?? "a", needed))
      }
      let plan = try plan("a", "b", "c") { p in
        var made: [Artifact<Numbers>] = []
        for (index, (stage, needed)) in seeds.enumerated() {
          made.append(
            p.add("\(stage).n\(index)", Make(from: needed.map { made[$0] })).numbers)
        }
      }
      for grain in Grain.allCases {
        let jobs = JobOrder(plan, grain: grain).jobs
        let all = jobs.flatMap(\.nodes).map(\.name)
        #expect(Set(all).count == all.count && all.count == plan.nodes.count)
        #expect(Set(jobs.map(\.name)).count == jobs.count)
        var done: Set<String> = []
        for job in jobs {
          let own = Set(job.nodes.map(\.name))
          for node in job.nodes {
            #expect(node.dependencies.allSatisfy { done.contains($0) || own.contains($0) })
          }
          done.formUnion(own)
        }
      }
    }
  }
}
