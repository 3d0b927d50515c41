// Tables of users in every file format: the same rows give the same bytes, bad rows are refused.
import AtelierStep
import AtelierTesting
import Content
import DuckDB
import Foundation
import LearningFormats
import Testing

@testable import Source

/// Three sales with every kind of column; the second has empty fields.
private let sales = """
  InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID
  536365,85123A,"WHITE ""T-LIGHT"", HOLDER",6,12/01/2010 08:26,2.55,17850
  C536379,D,,-1,12/01/2010 09:41,27.5,
  536381,22139,RETROSPOT TEA SET,23,12/01/2010 09:41,4.25,15311

  """

private let salesSchema = TableSchema(
  columns: [
    TableColumn("InvoiceNo", "VARCHAR"), TableColumn("StockCode", "VARCHAR"),
    TableColumn("Quantity", "BIGINT"), TableColumn("InvoiceDate", "TIMESTAMP"),
    TableColumn("UnitPrice", "DOUBLE"), TableColumn("CustomerID", "BIGINT"),
  ], timestampFormat: "%m/%d/%Y %H:%M", rowNumber: "row")

private func importTable(
  _ path: String, _ format: TableFileFormat, _ schema: TableSchema, sha256: String = ""
) throws -> StepHarness.Result {
  try StepHarness.run(
    ImportTable(file: .test, format: format, schema: schema, sha256: sha256),
    inputs: ["file": path])
}

private func refusal(_ text: String, _ schema: TableSchema) throws -> String? {
  let space = try TemporarySpace()
  let path = try space.write("table.csv", text)
  do {
    _ = try importTable(path, .csv, schema)
    return nil
  } catch { return "\(error)" }
}

private func digest(_ result: StepHarness.Result) throws -> Digest {
  try withExtendedLifetime(result) { try Digest.of(file: result.outputs["table"] ?? "").digest }
}

/// What SQL finds in a table, as CSV.
private func query(_ sql: String, _ result: StepHarness.Result) throws -> String {
  let space = try TemporarySpace()
  _ = try space.write("scratch/none", "")
  let context = StepContext(
    directory: space.path, inputs: [:], outputs: [:],
    programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
  return try withExtendedLifetime(result) {
    try DuckDB(in: context).run(
      "CREATE VIEW t AS FROM read_parquet(getvariable('t')); " + sql,
      with: ["t": .text(result.outputs["table"] ?? "")])
  }
}

private func run(_ program: String, _ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw BrokenProperty("\(program) ended with \(process.terminationStatus)")
  }
}

@Suite struct ImportTableTests {
  private let space: TemporarySpace
  private let csv: String

  init() throws {
    space = try TemporarySpace()
    csv = try space.write("sales.csv", sales)
  }

  @Test func rowsHaveTheirTypesNullsAndNumbers() throws {
    let table = try importTable(csv, .csv, salesSchema)
    #expect(
      try query("SELECT * FROM t", table) == """
        row,InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID
        1,536365,85123A,6,2010-12-01 08:26:00,2.55,17850
        2,C536379,D,-1,2010-12-01 09:41:00,27.5,NULL
        3,536381,22139,23,2010-12-01 09:41:00,4.25,15311

        """)
  }

  @Test func everyFormatGivesTheSameBytes() throws {
    let expected = try digest(importTable(csv, .csv, salesSchema))
    try run("/usr/bin/env", ["gzip", "--keep", csv])
    #expect(try digest(importTable(csv + ".gz", .gzippedCSV, salesSchema)) == expected)

    // Each row as one quoted field, as some exports have it, and other columns between.
    let quoted = sales.split(separator: "\n").map { line in
      "\"" + line.replacing("\"", with: "\"\"") + "\"\n"
    }
    var schema = salesSchema
    schema.quotedRows = true
    let path = try space.write("quoted.csv", quoted.joined())
    #expect(try digest(importTable(path, .csv, schema)) == expected)

    let semicolons = try space.write(
      "semicolons.csv",
      "UnitPrice;Quantity;StockCode;CustomerID;InvoiceNo;InvoiceDate\n"
        + "2.55;6;85123A;17850;536365;12/01/2010 08:26\n"
        + "27.5;-1;D;;C536379;12/01/2010 09:41\n"
        + "4.25;23;22139;15311;536381;12/01/2010 09:41\n")
    schema = salesSchema
    schema.delimiter = ";"
    #expect(try digest(importTable(semicolons, .csv, schema)) == expected)

    // Its own output as Parquet, whose row numbers are made anew.
    let table = try importTable(csv, .csv, salesSchema)
    let again = try withExtendedLifetime(table) {
      try importTable(table.outputs["table"] ?? "", .parquet, salesSchema)
    }
    #expect(try digest(again) == expected)
  }

  @Test func aWorkbookGivesTheBytesOfItsCSV() throws {
    let book = space.path + "/sales"  // as an input of a step, which has no extension
    let wheels = ["openpyxl", "et-xmlfile"].map { TestTools.path(of: $0) ?? "" }
    let script = try space.write(
      "book.py",
      """
      import csv, datetime, sys
      sys.path[:0] = sys.argv[1:3]
      import openpyxl
      book = openpyxl.Workbook(write_only=True)
      sheet = book.create_sheet("Online Retail")
      for number, row in enumerate(csv.reader(open(sys.argv[3]))):
          if number:
              row[0] = row[0] if row[0].startswith("C") else int(row[0])
              row[1] = int(row[1]) if row[1].isdigit() else row[1]
              row[3] = int(row[3])
              row[4] = datetime.datetime.strptime(row[4], "%m/%d/%Y %H:%M")
              row[5] = float(row[5])
              row[6] = float(row[6]) if row[6] else None
          sheet.append([value if value != "" else None for value in row])
      sheet.append([None] * 7)
      book.save(sys.argv[4])
      """)
    try run("/usr/bin/python3", ["-I", "-S", "-B", script] + wheels + [csv, book])
    let rows = try StepHarness.run(
      ReadWorkbook(file: .test, dateFormat: "%m/%d/%Y %H:%M"), inputs: ["file": book])
    #expect(try rows.text("rows") == sales)
    let table = try importTable(rows.outputs["rows"] ?? "", .csv, salesSchema)
    #expect(try digest(table) == digest(importTable(csv, .csv, salesSchema)))

    for (sheet, file, text) in [
      ("2", book, "the workbook: there is no sheet '2'; the sheets are 'Online Retail'"),
      ("1", csv, "the workbook: it is not an Excel workbook (.xlsx): "),
    ] {
      #expect {
        try StepHarness.run(ReadWorkbook(file: .test, sheet: sheet), inputs: ["file": file])
      } throws: { "\($0)".hasPrefix(text) }
    }
  }

  @Test(arguments: [
    (
      "a,b\n1,2.5\n2,oops\n3,x\n",
      "the file, line 3, column 'b': 'oops' is not a finite number that 64 bits hold exactly or by its "
        + "nearest fraction, such as 2.5; 1 more row with such a fault"
    ),
    (
      "a,b\n1,2.5\n2\n",
      "the file, line 3: it has 1 field, and the header has 2; quote a field that holds the delimiter"
    ),
    (
      "a,b\n1,2.5,9\n",
      "the file, line 2: it has 3 fields, and the header has 2; quote a field that holds the delimiter"
    ),
    (
      "a,b\n1,2\n2,nan\n",
      "the file, line 3, column 'b': 'nan' is not a finite number that 64 bits hold exactly or by its "
        + "nearest fraction, such as 2.5"
    ),
    ("a,b\n", "the file: there are no rows"),
    ("a,c\n1,2\n", "the file: the file lacks the column b; it has a, c"),
    ("a,b,a\n1,2,3\n", "the file: the header has two columns 'a'; give each column its own name"),
    ("", "the file: the file is empty: give at least one row"),
  ])
  func badRowsAreRefusedWithTheirPlace(text: String, said: String) throws {
    let schema = TableSchema(columns: [TableColumn("a", "BIGINT"), TableColumn("b", "DOUBLE")])
    #expect(try refusal(text, schema) == said)
  }

  @Test func withoutAHeaderTheColumnsAreTheFilesOwn() throws {
    let schema = TableSchema(
      columns: [TableColumn("x", "BIGINT"), TableColumn("y", "VARCHAR")], header: false)
    let path = try space.write("bare.csv", "1,\"a\"\"b\"\n2,\n")
    #expect(
      try query("SELECT * FROM t", importTable(path, .csv, schema))
        == "x,y\n1,\"a\"\"b\"\n2,NULL\n")
    #expect(
      try refusal("1,a\nx,b\n", schema)
        == "the file, line 2, column 'x': 'x' is not a whole number that fits BIGINT, such as 17")
  }

  @Test func parquetOfOtherTypesIsRefused() throws {
    let table = try importTable(csv, .csv, salesSchema)
    let path = table.outputs["table"] ?? ""
    let wrong = TableSchema(columns: [TableColumn("StockCode", "BIGINT")])
    #expect {
      try importTable(path, .parquet, wrong)
    } throws: {
      "\($0)"
        == "the file, row 1, column 'StockCode': '85123A' is not a whole number that fits BIGINT, "
        + "such as 17; 1 more row with such a fault"
    }
    let none = TableSchema(columns: [TableColumn("Colour", "VARCHAR")])
    #expect { try importTable(path, .parquet, none) } throws: {
      "\($0)".hasPrefix("the file: the file lacks the column Colour; it has row, InvoiceNo, ")
    }
  }

  @Test func anotherDigestIsRefused() throws {
    let right = try Digest.of(file: csv).digest
    _ = try importTable(csv, .csv, salesSchema, sha256: right.hex)
    #expect {
      try importTable(csv, .csv, salesSchema, sha256: String(repeating: "0", count: 64))
    } throws: {
      "\($0)".hasPrefix("the file has \(sales.utf8.count) bytes with \(right), expected sha256:00")
    }
    #expect { try importTable(csv, .csv, salesSchema, sha256: "abc") } throws: {
      "\($0)".hasPrefix("the parameter 'sha256' is 'abc'")
    }
  }

  @Test func namesAndTypesThatAreNoneAreRefused() throws {
    for (columns, said) in [
      (
        [TableColumn("a", "BIGINT); DROP TABLE x; --")],
        "'BIGINT); DROP TABLE x; --' is no DuckDB type"
      ),
      (
        [TableColumn("a", "BIGINT"), TableColumn("A", "BIGINT")], "a table needs columns with names"
      ),
      ([], "a table needs columns with names"),
    ] {
      #expect(
        try refusal("a\n1\n", TableSchema(columns: columns))?.hasPrefix(said) == true)
    }
  }

  @Test func formatsAreKnownByTheirEndings() {
    #expect(TableFileFormat(path: "/a/b.CSV.GZ") == .gzippedCSV)
    #expect(TableFileFormat(path: "https://x/b.xlsx?raw=1") == .workbook)
    #expect(TableFileFormat(path: "b.parquet") == .parquet)
    #expect(TableFileFormat(path: "b.csv") == .csv)
    #expect(TableFileFormat(path: "abalone.data") == .csv)
    #expect(TableFileFormat(path: "b.txt") == nil)
  }
}
