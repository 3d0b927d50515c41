// Wrong wirings that the compiler cannot see: each is refused before anything runs, by name.
import Atelier
import AtelierStep
import Testing

@Suite struct GraphRuleTests {
  private static let place = Publication(bucket: "b", prefix: "p/q", dataset: "d")

  /// The text of the error that a wiring ends with.
  private func refusal(_ wire: (inout PipelineBuilder) throws -> Void) throws -> String? {
    var p = builder()
    do {
      try wire(&p)
      _ = try p.finish()
      return nil
    } catch let error as WiringError {
      return error.description
    }
  }

  @Test func anUnknownStage() throws {
    #expect(
      try refusal { $0.add("three.pick", Pick()) }
        == "workshop orchard, step 'three.pick': there is no stage 'three'; stages are one, two")
    // An alias is for the command line, no name of a stage.
    #expect(try refusal { $0.add("first.pick", Pick()) }?.contains("no stage 'first'") == true)
  }

  @Test(arguments: [
    "one", "one.", "one..pick", "one.a b", "one.a/b", "one.é", "one.a:b", "one.a\n", "one.*",
  ])
  func aNameBeyondThePlainAlphabet(_ name: String) throws {
    #expect(try refusal { $0.add(name, Pick()) }?.contains("expected a name such as") == true)
  }

  @Test(arguments: ["one.pick", "one.pick.7", "one.Pick_2-x", "one.0"])
  func aPlainName(_ name: String) throws {
    #expect(try refusal { $0.add(name, Pick()) } == nil)
  }

  @Test func aNameGivenTwice() throws {
    let text = "workshop orchard, step 'one.pick': the name is given twice"
    #expect(
      try refusal {
        $0.add("one.pick", Pick())
        $0.add("one.pick", Pick(count: 2))
      } == text)
    #expect(
      try refusal {
        $0.add("one.pick", Pick())
        _ = $0.source("one.pick", path: "x", as: Apples.self)
      } == text)
  }

  @Test func twoDeliveriesToOnePlace() throws {
    func wiring(_ second: Publication) throws -> String? {
      try refusal { p in
        let pick = p.add("one.pick", Pick())
        p.deliver("one.first", pick.apples, to: Self.place)
        p.deliver("two.second", pick.pears, to: second)
      }
    }
    #expect(
      try wiring(Self.place)
        == "workshop orchard, step 'two.second': 'one.first' delivers to the same place, b/p/q/d; "
        + "give one of them another data set id")
    #expect(try wiring(Publication(bucket: "b", prefix: "p/q", dataset: "e")) == nil)
    #expect(try wiring(Publication(bucket: "c", prefix: "p/q", dataset: "d")) == nil)
    // Another name of the file in it is no other place.
    let renamed = Publication(bucket: "b", prefix: "p/q", dataset: "d", fileName: "x")
    #expect(try wiring(renamed)?.contains("the same place") == true)
    // Nor is the same folder by another division into bucket and prefix.
    let divided = Publication(bucket: "b/p", prefix: "q", dataset: "d")
    #expect(try wiring(divided)?.contains("the same place") == true)
  }

  @Test(arguments: [
    Publication(bucket: "", prefix: "p", dataset: "d"),
    Publication(bucket: "b", prefix: "/p", dataset: "d"),
    Publication(bucket: "b", prefix: "p/", dataset: "d"),
    Publication(bucket: "b", prefix: "p", dataset: ".."),
    Publication(bucket: "b", prefix: "p/../q", dataset: "d"),
    Publication(bucket: "b", prefix: ".", dataset: "d"),
    Publication(bucket: "b", prefix: "p", dataset: ""),
  ])
  func aDeliveryOutsideThePublishedArea(_ place: Publication) throws {
    let text = try refusal { p in
      let pick = p.add("one.pick", Pick())
      p.deliver("two.out", pick.apples, to: place)
    }
    let reason = place.bucket.isEmpty ? "s3_bucket_name is empty" : "is no name of a folder"
    #expect(text?.contains(reason) == true, "\(text ?? "")")
  }

  @Test func aWireFromAnotherBuilder() throws {
    var other = builder()
    let stranger = other.add("one.pick", Pick())
    let text = try refusal { p in
      p.add("one.own", Pick())
      p.add("two.press", Press(apples: stranger.apples))
    }
    #expect(
      text
        == "workshop orchard, step 'two.press': the input 'apples' comes from another graph")
  }

  @Test func aWireOutOfAnArm() throws {
    func wiring(
      _ use: (inout PipelineBuilder, Artifact<Apples>, Artifact<Choice>) throws -> Void
    ) throws -> String? {
      try refusal { p in
        let pick = p.add("one.pick", Pick())
        let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
        var inner: Artifact<Apples>?
        _ = p.branch("two.which", on: choice) { p in
          let press = p.add("two.arm", Press(apples: pick.apples)).juice
          inner = press
          return press
        } otherwise: { p in
          p.add("two.other-arm", Press(apples: inner ?? pick.apples)).juice
        }
        if let inner { try use(&p, inner, choice) }
      }
    }
    // From one arm into the other.
    #expect(
      try wiring { _, _, _ in }
        == "workshop orchard, step 'two.other-arm': 'two.arm' lies in an arm of a branch; "
        + "use the branch's result instead")
    let text = try refusal { p in
      let pick = p.add("one.pick", Pick())
      let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
      var inner: Artifact<Apples>?
      _ = p.branch("two.which", on: choice) { p in
        let press = p.add("two.arm", Press(apples: pick.apples)).juice
        inner = press
        return press
      } otherwise: { _ in
        pick.apples
      }
      if let inner { p.deliver("two.out", inner, to: Self.place) }
    }
    #expect(text?.contains("step 'two.out': 'two.arm' lies in an arm of a branch") == true)
  }

  /// The branch's own arm is the one place where a branch may take its result from.
  @Test func anArmOfAnotherBranchAsResult() throws {
    let text = try refusal { p in
      let pick = p.add("one.pick", Pick())
      let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
      var inner: Artifact<Apples>?
      _ = p.branch("two.first", on: choice) { p in
        let press = p.add("two.arm", Press(apples: pick.apples)).juice
        inner = press
        return press
      } otherwise: { _ in
        pick.apples
      }
      _ = p.branch("two.second", on: choice) { _ in
        inner ?? pick.apples
      } otherwise: { _ in
        pick.apples
      }
    }
    #expect(text?.contains("step 'two.second': 'two.arm' lies in an arm of a branch") == true)
  }

  /// The arms' decision itself must be known before the branch.
  @Test func theThenArmAsResultOfTheOtherArm() throws {
    let text = try refusal { p in
      let pick = p.add("one.pick", Pick())
      let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
      var inner: Artifact<Apples>?
      _ = p.branch("two.which", on: choice) { p in
        let press = p.add("two.arm", Press(apples: pick.apples)).juice
        inner = press
        return press
      } otherwise: { _ in
        inner ?? pick.apples
      }
    }
    #expect(text?.contains("step 'two.which': 'two.arm' lies in an arm of a branch") == true)
  }

  @Test func aDecisionFromAnotherBuilderOrFromAnArm() throws {
    var other = builder()
    let stranger = other.add("one.pick", Pick())
    let foreign = other.add("one.decide", Decide(apples: stranger.apples)).choice
    let text = try refusal { p in
      let pick = p.add("one.pick", Pick())
      _ = p.branch("two.which", on: foreign) { _ in
        pick.apples
      } otherwise: { _ in
        pick.apples
      }
    }
    #expect(text?.contains("comes from another graph") == true)
    let inArm = try refusal { p in
      let pick = p.add("one.pick", Pick())
      let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
      var inner: Artifact<Choice>?
      _ = p.branch("two.first", on: choice) { p in
        inner = p.add("two.again", Decide(apples: pick.apples)).choice
        return pick.apples
      } otherwise: { _ in
        pick.apples
      }
      _ = p.branch("two.which", on: inner ?? choice) { _ in
        pick.apples
      } otherwise: { _ in
        pick.apples
      }
    }
    #expect(inArm?.contains("'two.again' lies in an arm of a branch") == true)
  }

  @Test func anInputThatIsNotWired() throws {
    let loose = Artifact<Apples>(.bound(input: "x"))
    #expect(
      try refusal { $0.add("one.press", Press(apples: loose)) }
        == "workshop orchard, step 'one.press': the input 'apples' is not wired")
    #expect(
      try refusal { $0.deliver("one.out", loose, to: Self.place) }
        == "workshop orchard, step 'one.out': only the output of a step of this graph can be "
        + "delivered")
  }

  @Test func stepsThatCannotBeKeptOrRun() throws {
    let none = try refusal { p in
      let pick = p.add("one.pick", Pick())
      p.add("two.swallow", Swallow(apples: pick.apples))
    }
    #expect(none?.contains("Swallow declares no output") == true)
    #expect(
      try refusal { $0.add("one.bare", Bare()) }
        == "workshop orchard, step 'one.bare': a step in the runner's process may use no program")
    #expect(
      try refusal { _ = $0.source("one.file", path: "", as: Apples.self) }
        == "workshop orchard, step 'one.file': the source's path is empty")
  }
}
