// Feature groups at SageMaker by the built program against a mock of its feature store.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// `atelier features push`, `get --compare` and `delete --service`.
@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct FeatureServiceTests {
  private let keeper: FeatureKeeper
  private let environment: [String: String]

  init() throws {
    keeper = try FeatureKeeper.measured()
    let server = try WorkflowProject.server.get()
    // Each test has groups of its own in the mock, as each has a region.
    environment = BucketServer.keys.merging([
      "AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1",
      "ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? "",
      "AWS_REGION": "region-\(UUID().uuidString.prefix(8).lowercased())",
    ]) { $1 }
  }

  @discardableResult
  private func features(_ words: String..., expecting code: Int32 = 0) throws -> EndedProgram {
    let ended = try keeper.space.start(["features"] + words, environment: environment).wait()
    guard ended.code == code else {
      throw ProgramError("\(words) ended with \(ended.code): \(ended.out) \(ended.err)")
    }
    return ended
  }

  private func push(_ more: String...) throws -> JSONValue {
    let words = ["features", "push", "abalone-small", "--role", WorkflowProject.role, "--json"]
    let ended = try keeper.space.start(words + more, environment: environment).wait()
    guard ended.code == 0 else { throw ProgramError(ended.err) }
    return try JSONValue(parsing: ended.out)
  }

  @Test func aGroupIsMadeGrownComparedAndDeleted() throws {
    #expect(
      try features("push", "abalone-small", "--offline", "s3://bucket/offline", expecting: 2).err
        .contains("[Jobs] role is empty"))
    // The mock refuses the first writes as too many; they are tried again.
    let first = try push("--offline", "s3://shop/offline")
    #expect(first["created"] == true && first["records"] == 5 && first["upTo"] == 2, "\(first)")
    let again = try push()
    #expect(again["created"] == false && again["records"] == 0, "\(again)")
    // Of two records with one event time the later ingested counts, there as here.
    let same = try features("get", "abalone-small", "1", "--compare")
    #expect(same.out.contains("rings-grown") && !same.out.contains("differs"), "\(same.out)")

    let wider =
      FeatureKeeper.narrow + [
        FeatureKeeper.Feature("sex", .string), FeatureKeeper.Feature("weight", .fractional),
      ]
    try keeper.ingest(
      "abalone-small", wider, ["2026-11-03": ["(1, 1793664000, 10, 'M', 0.1)"]], run: "run-3")
    let behind = try features("get", "abalone-small", "1", "--compare", expecting: 3)
    #expect(behind.out.contains("differs"))
    let third = try push()
    #expect(
      third["added"] == ["weight"] && third["records"] == 1 && third["from"] == 2, "\(third)")
    try features("get", "abalone-small", "1", "--compare")
    #expect(
      try features("get", "abalone-small", "77", "--compare", expecting: 1).err
        .contains("neither"))

    #expect(try features("delete", "abalone-small", "--service").err.contains("of SageMaker"))
    #expect(
      try features("delete", "abalone-small", "--service").err.contains("has no feature group"))
    // Ours is untouched, and makes the other anew.
    #expect(try push()["records"] == 6)
    try features("delete", "abalone-small", "--service")
  }

  @Test func aGroupIsExportedInTheLayoutOfSageMaker() throws {
    let folder = keeper.space.folder("offline")
    let words = ["export", "abalone-small", "--layout", "sagemaker", "--output", folder]
    for _ in 0..<2 {
      let ended = try keeper.space.start(["features"] + words, environment: environment).wait()
      #expect(ended.code == 0, "\(ended.err)")
      #expect(ended.out.hasPrefix("abalone-small: 3 files in "), "\(ended.out)")
    }
    let files = TestFiles.list(folder).filter { $0.hasSuffix(".parquet") }.sorted()
    // The second call has written the same files.
    try #require(files.count == 3, "\(files)")
    #expect(files[0].hasPrefix("data/year=2026/month=11/day=01/hour=00/20261101T000000Z_"))
    #expect(files[1].hasPrefix("data/year=2026/month=11/day=01/hour=01/20261101T010000Z_"))
    #expect(files[2].hasPrefix("data/year=2026/month=11/day=02/hour=00/20261102T000001Z_"))
    let read = try RunningProgram(
      TestTools.path(of: "duckdb") ?? "duckdb",
      [
        "-no-init", "-batch", "-csv", "-nullvalue", "", "-c",
        "SELECT id, \"rings-grown\", sex, is_deleted, hour, epoch_ms(write_time) AS ms FROM "
          + "read_parquet('\(folder)/data/**/*.parquet', hive_partitioning = true, "
          + "hive_types_autocast = false) "
          + "ORDER BY time, write_time, id, 2",
      ], environment: [:], captures: keeper.space.folder
    ).wait()
    let ms = "1795262400123"
    #expect(
      read.out == """
        id,rings-grown,sex,is_deleted,hour,ms
        1,5,,false,00,\(ms)
        2,7,,false,01,\(ms)
        1,6,,false,00,\(ms)
        1,9,F,false,00,\(ms)
        3,1,,false,00,\(ms)

        """, "\(read.out) \(read.err)")
  }

  @Test func aGroupOfSomebodyElseIsLeftAlone() throws {
    let made = try Space.start(
      StandIns.python,
      [
        "-c",
        """
        import boto3, os
        boto3.client("sagemaker", region_name=os.environ["AWS_REGION"]).create_feature_group(
            FeatureGroupName="abalone-small", RecordIdentifierFeatureName="id", EventTimeFeatureName="time",
            FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "Integral"},
                                {"FeatureName": "time", "FeatureType": "Fractional"}])
        """,
      ],
      environment: Space.tools.merging(environment) { $1 }, folder: keeper.space.folder.path)
    try #require(made.code == 0, "\(made.err)")
    let refused = try features(
      "push", "abalone-small", "--role", WorkflowProject.role, expecting: 2)
    #expect(refused.err.contains("was not made by Atelier"), "\(refused.err)")
    #expect(
      try features("delete", "abalone-small", "--service", expecting: 2).err
        .contains("not removed"))
  }
}
