// Data and models of one family are no data and models of another: such a wiring does not compile.
import AtelierTesting
import Testing

@Suite(.serialized) struct WrongWiringTests {
  private func errors(_ body: String) throws -> [String] {
    try Typechecker().errors(
      in: """
        import AtelierStep
        import Learn
        import LearningFormats
        import PropensityFormats
        import Train
        func wire(
          prepared: Artifact<PropensityData>, chosen: Artifact<PropensityModel>,
          matrices: Artifact<TrainingData>, trained: Artifact<Model>,
          export: Artifact<FeatureExport>, settings: BoosterSettings
        ) {
          \(body)
        }
        """)
  }

  private func conversion(_ given: String, _ expected: String) -> String {
    "cannot convert value of type 'Artifact<\(given)>' to expected argument type 'Artifact<\(expected)>'"
  }

  @Test("steps 3.8: what fits compiles")
  func whatFits() throws {
    #expect(
      try errors(
        """
        _ = TrainModel(data: matrices, training: ["train"], settings: settings)
          _ = MeasureModel(data: matrices, model: trained, parts: ["test"])
          _ = TrainBaseline(data: prepared, seed: 1)
          _ = ScoreUsers(export: export, model: chosen, dataFormat: "csv", features: [])
        """) == [])
  }

  @Test("steps 3.8: training data of one family into the training of another")
  func wrongData() throws {
    #expect(
      try errors(#"_ = TrainModel(data: prepared, training: ["train"], settings: settings)"#)
        == [conversion("PropensityData", "TrainingData")])
    #expect(
      try errors("_ = TrainBaseline(data: matrices, seed: 1)")
        == [conversion("TrainingData", "PropensityData")])
  }

  @Test("steps 3.8: a model of one family into the use of another")
  func wrongModel() throws {
    #expect(
      try errors(
        #"_ = ScoreUsers(export: export, model: trained, dataFormat: "csv", features: [])"#)
        == [conversion("Model", "PropensityModel")])
    #expect(
      try errors(#"_ = MeasureModel(data: matrices, model: chosen, parts: ["test"])"#)
        == [conversion("PropensityModel", "Model")])
  }

  @Test("steps 3.15: the families of commands and of sources share one AnyFile")
  func oneAnyFile() throws {
    #expect(
      try Typechecker().errors(
        in: """
          import AtelierStep
          import Command
          import Source
          func wire(_ file: Artifact<AnyFile>) throws -> Download<AnyFile> {
            _ = AnyArtifact(file)
            return try Download<AnyFile>(url: "https://example.org/a", sha256: "")
          }
          """) == [])
  }
}
