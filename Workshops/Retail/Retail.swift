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

  public static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {
    let retail = try RetailConfiguration(settings)
    let parts = try prepare(&p, settings, retail)
    let data = p.add(
      "prepare.matrices",
      MakeMatrices(parts: parts, features: features, label: label), limits: retail.retries
    ).data
    let model = try train(&p, retail, data)
    let (choice, described) = try validate(&p, retail, data, model)
    try infer(&p, retail, parts, data, model, choice)
    try figures(&p, described.sample, described.histogram, described.gains)
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
    _ p: inout PipelineBuilder, _ settings: Settings, _ retail: RetailConfiguration
  ) throws -> Artifact<TableParts> {
    let table = try TableInput(settings, section: "Retail").wire(
      &p, stage: "prepare", schema: schema, dateFormat: dateFormat, limits: retail.retries
    ) { p in
      p.add("prepare.simulation", SimulateRetail(rows: retail.rows, seed: retail.seed)).sales
    }
    let codes = try codes(&p, settings, retail, table)
    let sales = p.add(
      "prepare.sales",
      EncodeColumn(
        table: table, codes: codes, column: "StockCode", as: "StockCodeEnc",
        unknown: retail.unknownCodes, key: "row"),
      limits: retail.retries)
    let split = p.add(
      "prepare.split",
      SplitTable(
        table: sales.encoded, key: "row", group: retail.group,
        parts: [
          TablePart("train", end: 0.7), TablePart("validation", end: 0.9),
          TablePart("test", end: 1),
        ], seed: retail.seed), limits: retail.retries)
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
        ]), limits: retail.retries)
    p.deliver("prepare.upload", files.texts, to: retail.place(retail.dataName))
    return split.split
  }

  /// The category codes of stock codes, of an earlier run or learnt: each code's place among all of them.
  ///
  /// They are delivered, since a model means nothing without them.
  private static func codes(
    _ p: inout PipelineBuilder, _ settings: Settings, _ retail: RetailConfiguration,
    _ table: Artifact<DataTable>
  ) throws -> Artifact<CodeTable> {
    let codes: Artifact<CodeTable>
    if let path = retail.codes {
      codes = p.source(
        "prepare.given-codes", path: path.hasPrefix("/") ? path : "\(settings.projectRoot)/\(path)",
        as: CodeTable.self)
    } else {
      codes =
        p.add(
          "prepare.codes", LearnCodes(table: table, column: "StockCode"), limits: retail.retries
        ).codes
    }
    p.deliver(
      "prepare.codes-saved", codes, to: retail.place(retail.modelName + "-codes", "codes.csv"))
    return codes
  }

  private static func train(
    _ p: inout PipelineBuilder, _ retail: RetailConfiguration, _ data: Artifact<TrainingData>
  ) throws -> Artifact<Model> {
    let trained = p.add(
      "train.model",
      TrainModel(
        data: data, training: ["train"], validation: ["validation"], settings: retail.booster))
    p.deliver(
      "train.saved", trained.model, to: retail.place(retail.modelName, "model.ubj"))
    return trained.model
  }

  private static func validate(
    _ p: inout PipelineBuilder, _ retail: RetailConfiguration, _ data: Artifact<TrainingData>,
    _ model: Artifact<Model>
  ) throws -> (choice: Artifact<Choice>, described: Node<DescribeErrors>) {
    let measured = p.add(
      "validate.rmse", MeasureModel(data: data, model: model, parts: ["validation"]),
      limits: retail.retries)
    let described = p.add(
      "validate.errors", DescribeErrors(data: data, model: model, parts: ["validation"]))
    let decision = p.add(
      "validate.choice",
      DecideByMetric(measured: measured.measured, metric: .rmse, threshold: retail.threshold))
    return (decision.choice, described)
  }

  /// The branch: predictions of the test part, or the record of a worse model.
  private static func infer(
    _ p: inout PipelineBuilder, _ retail: RetailConfiguration, _ parts: Artifact<TableParts>,
    _ data: Artifact<TrainingData>, _ model: Artifact<Model>, _ choice: Artifact<Choice>
  ) throws {
    _ = p.branch("inference.outcome", on: choice) { p in
      let predicted = p.add(
        "inference.predictions",
        PredictTable(parts: parts, part: "test", model: model, keep: ["row"]))
      p.deliver(
        "inference.delivery", predicted.predictions, to: retail.place(retail.jobName, "test.csv"))
      // The prices of test_real.csv, which had no say in anything.
      p.add(
        "inference.rmse", MeasureModel(data: data, model: model, parts: ["test"]),
        limits: retail.retries)
      return predicted.outcome
    } otherwise: { p in
      p.add("inference.refusal", RecordRefusal(choice: choice, reason: "worse model")).record
    }
  }
}
