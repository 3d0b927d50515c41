// Wrong pipelines do not compile: each program here breaks one rule, and the compiler says which.
import AtelierTesting
import Testing

@Suite(.serialized) struct CompileTimeTests {
  private static let vocabulary = """
    import Atelier
    import AtelierStep
    import Configuration
    enum Apples: ArtifactFormat {
      static let mediaType = "text/apples", fileExtension = "txt"
    }
    enum Pears: ArtifactFormat {
      static let mediaType = "text/pears", fileExtension = "txt"
    }
    struct Pick: Step {
      static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
      var apples = Output<Apples>()
      var pears = Output<Pears>()
      func run(in context: StepContext) throws {}
    }
    struct Mix: Step {
      static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
      var apples: Artifact<Apples>
      var pears: Artifact<Pears>
      var share = 0.5
      var juice = Output<Apples>()
      func run(in context: StepContext) throws { _ = try context.path(apples) }
    }
    struct Decide: Step {
      static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
      var choice = Output<Choice>()
      func run(in context: StepContext) throws {}
    }

    """

  /// The errors for a wiring after `pick` was added.
  private func errors(wiring: String, _ more: String = "") throws -> [String] {
    try Typechecker().errors(
      in: Self.vocabulary + more + """

        func wire(_ p: inout PipelineBuilder) throws {
          let pick = try p.add("one.pick", Pick())
        \(wiring)
          _ = pick
        }
        """)
  }

  @Test func aKeyNumberOfNoOutputDoesNotCompile() throws {
    let found = try errors(
      wiring: """
          p.keyNumber("weight", in: pick.plums, .column("weight"), better: .higher)
          p.keyDecision("Pick", on: pick.apples, yes: "eaten", no: "left")
        """)
    #expect(found.contains { $0.contains("plums") }, "\(found)")
    #expect(found.contains { $0.contains("Apples") && $0.contains("Choice") }, "\(found)")
  }

  @Test func aRightProgramCompiles() throws {
    let found = try errors(
      wiring: """
          let mix = try p.add("one.mix", Mix(apples: pick.apples, pears: pick.pears))
          let choice = try p.add("one.decide", Decide()).choice
          let either: Artifact<Apples> = try p.branch("one.either", on: choice) { _ in
            mix.juice
          } otherwise: { _ in
            pick.apples
          }
          try p.deliver("one.out", either, to: Publication(bucket: "b", prefix: "p", dataset: "d"))
        """)
    #expect(found == [])
  }

  @Test func aWrongArtifactIntoAnInput() throws {
    #expect(
      try errors(wiring: #"  try p.add("one.m", Mix(apples: pick.pears, pears: pick.pears))"#)
        == [
          "cannot convert value of type 'Artifact<Pears>' to expected argument type 'Artifact<Apples>'"
        ])
  }

  @Test func swappedInputs() throws {
    let found = try errors(
      wiring: #"  try p.add("one.mix", Mix(apples: pick.pears, pears: pick.apples))"#)
    #expect(
      Set(found) == [
        "cannot convert value of type 'Artifact<Pears>' to expected argument type 'Artifact<Apples>'",
        "cannot convert value of type 'Artifact<Apples>' to expected argument type 'Artifact<Pears>'",
      ])
  }

  @Test func anOutputThatTheStepDoesNotHave() throws {
    let found = try errors(
      wiring: #"  try p.add("one.mix", Mix(apples: pick.plums, pears: pick.pears))"#)
    #expect(found.count == 1 && found[0].contains("no dynamic member 'plums'"), "\(found)")
  }

  @Test func aMissingInput() throws {
    #expect(
      try errors(wiring: #"  try p.add("one.mix", Mix(apples: pick.apples))"#)
        == ["missing argument for parameter 'pears' in call"])
  }

  // Swift 6.3 finds no words for these two, as for other mistakes at a dynamic member; that they
  // do not compile, and the same with the mistake put right does, is what counts.

  @Test func aParameterAsOutput() throws {
    func found(_ member: String) throws -> [String] {
      try errors(
        wiring: """
            let mix = try p.add("one.mix", Mix(apples: pick.apples, pears: pick.pears))
            _ = mix.\(member)
          """)
    }
    #expect(try found("juice") == [])
    #expect(try found("share").count == 1)
  }

  @Test func armsOfDifferentTypes() throws {
    func found(_ output: String) throws -> [String] {
      try errors(
        wiring: """
            let choice = try p.add("one.decide", Decide()).choice
            _ = try p.branch("one.either", on: choice) { _ in pick.apples } otherwise: { _ in
              pick.\(output)
            }
          """)
    }
    #expect(try found("apples") == [])
    #expect(try found("pears").count == 1)
  }

  @Test func aDecisionThatIsNone() throws {
    let found = try errors(
      wiring: """
          _ = try p.branch("one.e", on: pick.apples) { _ in pick.apples } otherwise: { _ in pick.apples }
        """)
    #expect(
      found == [
        "cannot convert value of type 'Artifact<Apples>' to expected argument type 'Artifact<Choice>'"
      ])
  }

  @Test func aStepWithoutAFingerprint() throws {
    let found = try errors(
      wiring: "",
      """
      struct NoCode: Step {
        var out = Output<Apples>()
        func run(in context: StepContext) throws {}
      }
      """)
    #expect(found == ["type 'NoCode' does not conform to protocol 'Step'"])
  }

  @Test func aStepThatHoldsASecret() throws {
    let found = try errors(
      wiring: "",
      """
      struct Leak: Step {
        static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
        var password: Secret
        var out = Output<Apples>()
        func run(in context: StepContext) throws {}
      }
      """)
    #expect(
      Set(found) == [
        "type 'Leak' does not conform to protocol 'Decodable'",
        "type 'Leak' does not conform to protocol 'Encodable'",
      ])
  }

  @Test func aStepThatReadsAnUnboundOutputOfAnother() throws {
    let found = try errors(
      wiring: #"  try p.add("one.m", Mix(apples: Pick().apples, pears: pick.pears))"#)
    #expect(
      found == [
        "cannot convert value of type 'Output<Apples>' to expected argument type 'Artifact<Apples>'"
      ])
  }
}
