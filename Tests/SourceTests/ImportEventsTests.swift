// Imported events against the simulation's bytes, in every format, and minimal files of a user.
import AtelierStep
import AtelierTesting
import Content
import Testing

@testable import Source

@Suite struct ImportEventsTests {
  /// Exports in another order than the table's, since the import must put it right.
  @Test(arguments: [
    (EventFileFormat.parquet, "SELECT * FROM events ORDER BY _id", "FORMAT parquet"),
    (.json, "SELECT * FROM events ORDER BY _id", "FORMAT json"),
    (.csv, ExportEvents.flat + " ORDER BY _id", "FORMAT csv, HEADER true"),
    (
      .parquet, "SELECT * REPLACE (\"timestamp\"::TIMESTAMPTZ AS \"timestamp\") FROM events",
      "FORMAT parquet, COMPRESSION gzip, ROW_GROUP_SIZE 2048"
    ),
    (
      .csv, "SELECT 1 AS \"row, \"\"number\"\"\", * FROM (\(ExportEvents.flat))",
      "FORMAT csv, HEADER true, FORCE_QUOTE *"
    ),
  ])
  func roundTripGivesTheSimulatedBytes(
    format: EventFileFormat, query: String, options: String
  ) throws {
    let events = try simulatedEvents()
    let path = try #require(events.outputs["events"])
    let exported = try StepHarness.run(
      ExportEvents(file: .test, query: query, options: options), inputs: ["file": path])
    let imported = try importEvents(try #require(exported.outputs["exported"]), format)
    #expect(
      try Digest.of(file: imported.outputs["events"] ?? "").digest == Digest.of(file: path).digest)
  }

  @Test func theRequiredColumnsAreEnough() throws {
    let files: [(EventFileFormat, String)] = [
      (
        .csv,
        """
        ,note,timestamp,_acme.cmle_id,eventType,_id
        0,"a, ""quoted""
        note",2024-05-01T12:30:00.25+02:00,u1,web.formFilledOut,b
        1,,2024-05-01 09:00:00,u2,commerce.purchases,a
        """
      ),
      (
        .json,
        """
        {"_id":"b","eventType":"web.formFilledOut","timestamp":"2024-05-01T10:30:00.250Z",\
        "_acme":{"cmle_id":"u1"},"web":null,"more":[1,{"x":2}]}

        {"_acme":{"cmle_id":"u2"},"_id":"a","timestamp":"2024-05-01T09:00","eventType":\
        "commerce.purchases","web":{"webReferrer":{}}}
        """
      ),
    ]
    for (format, text) in files {
      let imported = try importEvents(text: text, format)
      let shown = try StepHarness.run(
        ExportEvents(file: .test, query: "SELECT * FROM events", options: "FORMAT json"),
        inputs: ["file": imported.outputs["events"] ?? ""])
      #expect(
        try shown.text("exported") == """
          {"_id":"a","eventType":"commerce.purchases","timestamp":"2024-05-01 09:00:00",\
          "producedBy":null,"eventMergeId":null,"_acme":{"cmle_id":"u2"},"directMarketing":null,\
          "web":null}
          {"_id":"b","eventType":"web.formFilledOut","timestamp":"2024-05-01 10:30:00.25",\
          "producedBy":null,"eventMergeId":null,"_acme":{"cmle_id":"u1"},"directMarketing":null,\
          "web":null}

          """)
    }
  }

  @Test func formatsAreKnownByExtension() {
    #expect(EventFileFormat(fileExtension: "parquet") == .parquet)
    #expect(EventFileFormat(fileExtension: "CSV") == .csv)
    #expect(["json", "jsonl", "ndjson"].allSatisfy { EventFileFormat(fileExtension: $0) == .json })
    #expect(EventFileFormat(fileExtension: "xlsx") == nil)
  }
}
