// The retail price workshop, read top to bottom: prepare, train, validate, and a branch.
import Atelier
import AtelierStep
import Learn
import LearningFormats
import Simulate
import Source
import Transfer
import WorkshopInputs

/// The retail workshop: what an item costs, foretold only by a model that is good enough.
public enum RetailWorkshop: Workshop {
  public static let name = "retail"
  public static let folder = "Retail"
  public static let summary =
    "retail prices: prepare, train, validate, infer only with a good model"
  public static let stages = [
    Stage("prepare", "read or simulate sales, encode, shuffle and split them"),
    Stage("train", "train a regression and save the model"),
    Stage("validate", "measure it and decide by the RMSE"),
    Stage("inference", "predict the test part, or record why not"),
    Stage("figures", aliases: ["pictures"], "draw errors, predictions and gains"),
  ]

  public static func wire(_ p: inout PipelineBuilder, _ settings: RetailSettings) throws {
    let parts = try prepare(&p, settings)
    let data = p.add(
      "prepare.matrices",
      MakeMatrices(parts: parts, features: features, label: label), limits: settings.retries
    ).data
    let model = try train(&p, settings, data)
    let (choice, described) = try validate(&p, settings, data, model)
    try infer(&p, settings, parts, data, model, choice)
    try figures(&p, described.sample, described.histogram, described.gains)
  }

  /// The guide's machine: built-in XGBoost, and a batch of the test part for a good model.
  public static func builtInTraining(_ settings: RetailSettings) throws -> BuiltInTraining? {
    BuiltInTraining(
      hyperparameters: try settings.training().builtInHyperparameters,
      channels: [
        .init("train", from: "prepare.files", file: "train.csv"),
        .init("validation", from: "prepare.files", file: "validation.csv"),
      ], threshold: .init("validation:rmse", isBelow: true, limit: settings.threshold),
      use: .batch(.init("test", from: "prepare.files", file: "test.csv")),
      instanceType: "ml.m5.large")
  }

  static let label = "UnitPrice"
  static let features = ["StockCodeEnc", "Quantity", "CustomerID"]

  /// The sales as the data set has them; a null stays null, a cancellation stays a row.
  private static let schema = TableSchema(
    columns: [
      TableColumn("InvoiceNo", "VARCHAR"), TableColumn("StockCode", "VARCHAR"),
      TableColumn("Description", "VARCHAR"), TableColumn("Quantity", "BIGINT"),
      TableColumn("InvoiceDate", "TIMESTAMP"), TableColumn("UnitPrice", "DOUBLE"),
      TableColumn("CustomerID", "BIGINT"), TableColumn("Country", "VARCHAR"),
    ], timestampFormat: dateFormat, rowNumber: "row", required: [label])
  private static let dateFormat = "%m/%d/%Y %H:%M"

  /// Sales, encoded and cut at 0.7 and 0.9 of a seeded order.
  private static func prepare(
    _ p: inout PipelineBuilder, _ settings: RetailSettings
  ) throws -> Artifact<TableParts> {
    let table = try settings.table.wire(
      &p, stage: "prepare", schema: schema, dateFormat: dateFormat, limits: settings.retries
    ) { p in
      p.add("prepare.simulation", SimulateRetail(rows: settings.rows, seed: settings.seed)).sales
    }
    let codes = try codes(&p, settings, table)
    let sales = p.add(
      "prepare.sales",
      EncodeColumn(
        table: table, codes: codes, column: "StockCode", as: "StockCodeEnc",
        unknown: settings.unknownCodes, key: "row"),
      limits: settings.retries)
    let split = p.add(
      "prepare.split",
      SplitTable(
        table: sales.encoded, key: "row", group: settings.group?.rawValue,
        parts: [
          TablePart("train", end: 0.7), TablePart("validation", end: 0.9),
          TablePart("test", end: 1),
        ], seed: settings.seed), limits: settings.retries)
    let columns = [label] + features
    let files = p.add(
      "prepare.files",
      WriteParts(
        parts: split.split,
        files: [
          PartText(file: "train.csv", part: "train", columns: columns, header: false),
          PartText(file: "validation.csv", part: "validation", columns: columns, header: false),
          PartText(file: "test_real.csv", part: "test", columns: columns, header: false),
          PartText(file: "test.csv", part: "test", columns: features, header: false),
        ]), limits: settings.retries)
    p.deliver("prepare.upload", files.texts, to: settings.bucket.place(settings.dataName))
    return split.split
  }

  /// The category codes of stock codes, of an earlier run or learnt: each code's place among all of them.
  ///
  /// They are delivered, since a model means nothing without them.
  private static func codes(
    _ p: inout PipelineBuilder, _ settings: RetailSettings,
    _ table: Artifact<DataTable>
  ) throws -> Artifact<CodeTable> {
    let codes: Artifact<CodeTable>
    if let path = settings.codes {
      codes = p.source(
        "prepare.given-codes", path: p.path(path), as: CodeTable.self)
    } else {
      codes =
        p.add(
          "prepare.codes", LearnCodes(table: table, column: "StockCode"), limits: settings.retries
        ).codes
    }
    p.deliver(
      "prepare.codes-saved", codes,
      to: settings.bucket.place(settings.modelName + "-codes", "codes.csv"))
    return codes
  }

  private static func train(
    _ p: inout PipelineBuilder, _ settings: RetailSettings, _ data: Artifact<TrainingData>
  ) throws -> Artifact<Model> {
    let trained = p.add(
      "train.model",
      TrainModel(
        data: data, training: ["train"], validation: ["validation"],
        settings: try settings.training()))
    p.deliver(
      "train.saved", trained.model, to: settings.bucket.place(settings.modelName, "model.ubj"))
    return trained.model
  }

  private static func validate(
    _ p: inout PipelineBuilder, _ settings: RetailSettings, _ data: Artifact<TrainingData>,
    _ model: Artifact<Model>
  ) throws -> (choice: Artifact<Choice>, described: Node<DescribeErrors>) {
    let measured = p.add(
      "validate.rmse", MeasureModel(data: data, model: model, parts: ["validation"]),
      limits: settings.retries)
    let described = p.add(
      "validate.errors", DescribeErrors(data: data, model: model, parts: ["validation"]))
    let decision = p.add(
      "validate.choice",
      DecideByMetric(measured: measured.measured, metric: .rmse, threshold: settings.threshold))
    p.keyNumber(.rmse, in: measured.measured, target: settings.threshold)
    p.keyDecision("Model", on: decision.choice, yes: "accepted", no: "refused")
    return (decision.choice, described)
  }

  /// The branch: predictions of the test part, or the record of a worse model.
  private static func infer(
    _ p: inout PipelineBuilder, _ settings: RetailSettings, _ parts: Artifact<TableParts>,
    _ data: Artifact<TrainingData>, _ model: Artifact<Model>, _ choice: Artifact<Choice>
  ) throws {
    _ = p.branch("inference.outcome", on: choice) { p in
      let predicted = p.add(
        "inference.predictions",
        PredictTable(parts: parts, part: "test", model: model, keep: ["row"]))
      p.deliver(
        "inference.delivery", predicted.predictions,
        to: settings.bucket.place(settings.jobName, "test.csv"))
      // The prices of test_real.csv, which had no say in anything.
      let tested = p.add(
        "inference.rmse", MeasureModel(data: data, model: model, parts: ["test"]),
        limits: settings.retries)
      p.keyNumber(.rmse, in: tested.measured, of: "test part")
      return predicted.outcome
    } otherwise: { p in
      p.add("inference.refusal", RecordRefusal(choice: choice, reason: "worse model")).record
    }
  }
}
