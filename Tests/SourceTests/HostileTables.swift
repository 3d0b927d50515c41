// Hostile files of tables. The rows of Tests/Hostile/README.md say the same in words.

extension HostileFile {
  private static func utf16(_ text: String, mark: Bool) -> Form {
    .csv((mark ? [0xFF, 0xFE] : []) + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
  }

  static let tables = texts + numbers + times + containers + parquet

  private static let texts = [
    HostileFile("csv-bom", "data D10", "\u{FEFF}n,s\n1,a\n", "n|s", .rows("1,a\n")),
    HostileFile(
      "csv-break-in-cell", "data D10", "n,s\r\n1,\"HEART,\nWHITE\"\r\n2,b\r\n", "n|s",
      .rows("1,\"HEART,\nWHITE\"\n2,b\n")),
    HostileFile(
      "csv-crlf-in-cell-of-lf-file", "data D10", "n,s\n1,\"a\r\nb\"\n", "n|s",
      .rows("1,\"a\r\nb\"\n")),
    HostileFile(
      "csv-break-in-header", "data D10", "n,\"Unit\nPrice\"\n1,a\n", "n|Unit\nPrice", .rows("1,a\n")
    ),
    HostileFile(
      "csv-line-after-break", "data D15", "n,s\n1,\"a\nb\"\nx,c\n", "n|s",
      .says("the file, line 4, column 'n': 'x' is not a whole number")),
    HostileFile(
      "csv-mixed-line-ends", "data D13", "n,s\r\n1,a\r\n2,b\n3,c\n", "n|s",
      .says("the file, line 3: the line ends in LF, the lines before it in CR LF")),
    HostileFile("csv-cr-only", "data D13", "n,s\r1,a\r2,b\r", "n|s", .rows("1,a\n2,b\n")),
    HostileFile(
      "csv-lone-cr", "data D13", "n,s\n1,a\rb\n", "n|s",
      .says("the file, line 2: the line ends in CR,")),
    HostileFile(
      "csv-utf16", "data D13", utf16("n,s\r\n1,a\r\n", mark: true), "n|s",
      .says("the file: the file is UTF-16; save it as UTF-8")),
    HostileFile(
      "csv-utf16-without-mark", "data D13", utf16("n,s\r\n1,a\r\n", mark: false), "n|s",
      .says("the file: the file is UTF-16; save it as UTF-8")),
    HostileFile(
      "csv-latin1", "data D13", .csv(Array("n,s\n1,a\n2,caf".utf8) + [0xE9, 0x0A]), "n|s",
      .says("the file, line 3: the byte 0xE9 is not UTF-8; the file may be Latin-1")),
    HostileFile(
      "csv-backslash", "data D11", "n,s\n1,\"say \\\"hi\\\"\"\n", "n|s",
      .says(
        "the file, line 2: there is text after a closing quote; a backslash does not escape a quote"
      )),
    HostileFile(
      "csv-open-quote", "data D10", "n,s\n1,\"a\n2,b\n", "n|s",
      .says("the file, line 2: a quote opens here and is not closed")),
    HostileFile(
      "csv-quote-within", "data D10", "n,s\n1,5\" disc\n", "n|s", .rows("1,\"5\"\" disc\"\n")),
    HostileFile("csv-no-last-line-end", "data D10", "n,s\n1,a", "n|s", .rows("1,a\n")),
    HostileFile(
      "csv-blank-rows", "data D9, D18", "n,s\n\n1,a\n,\n\"\",\n2,b\n\n", "n|s", .rows("1,a\n2,b\n")),
    HostileFile(
      "csv-short-row", "data D10", "n,s\n1,a\n2\n", "n|s",
      .says("the file, line 3: it has 1 field, and the header has 2")),
    HostileFile(
      "csv-long-row", "data D10", "n,s\n1,a,b\n", "n|s",
      .says("the file, line 2: it has 3 fields, and the header has 2")),
    HostileFile("csv-comma-at-the-end", "data D10", "n,s\n1,a,\n", "n|s", .rows("1,a\n")),
    HostileFile("csv-names-by-case", "data D13", "N,n,s\n1,2,a\n", "n|s", .rows("2,a\n")),
    HostileFile("csv-text-NA", "data D15", "n,s\n1,NA\n", "n|s", .rows("1,NA\n")),
    HostileFile("csv-nul-in-text", "data D13", "n,s\n1,a\u{0}b\n", "n|s", .rows("1,a\u{0}b\n")),
    HostileFile(
      "csv-is-a-zip", "data D13", "PK\u{3}\u{4}abc", "n|s",
      .says("the file is a ZIP archive or a workbook")),
    HostileFile(
      "csv-missing-column", "data D13", "n,t\n1,a\n", "n|s",
      .says("the file lacks the column s; it has n, t")),
    HostileFile(
      "csv-empty-label", "data D15", "n,required\n1,a\n2,\n", "n|required",
      .says("the file, line 3, column 'required': empty; every row needs a value of it")),
  ]

  private static let containers = [
    HostileFile(
      "gz-cut-at-flush", "data D1", .made("gz-cut-at-flush.csv.gz"), "n|s",
      .says("the gzip file ends early; get it again")),
    HostileFile(
      "gz-cut", "data D1", .made("gz-cut.csv.gz"), "n|s",
      .says("the gzip file ends early; get it again")),
    HostileFile(
      "gz-other-byte", "data D1", .made("gz-other-byte.csv.gz"), "n|s",
      .says("its data do not have their CRC")),
    HostileFile(
      "gz-other-crc", "data D1", .made("gz-other-crc.csv.gz"), "n|s",
      .says("its data do not have their CRC")),
    HostileFile(
      "gz-other-length", "data D1", .made("gz-other-length.csv.gz"), "n|s",
      .says("its data do not have their length")),
    HostileFile(
      "gz-short-trailer", "data D1", .made("gz-short-trailer.csv.gz"), "n|s",
      .says("the gzip file ends early")),
    HostileFile(
      "gz-second-member-damaged", "data D1", .made("gz-second-member-damaged.csv.gz"), "n|s",
      .says("its data do not have their CRC")),
    HostileFile(
      "gz-garbage-after", "data D1", .made("gz-garbage-after.csv.gz"), "n|s",
      .says("bytes that are no gzip follow")),
    HostileFile(
      "gz-plain-text", "data D1", .made("gz-plain-text.csv.gz"), "n|s",
      .says("not compressed by gzip")),
    HostileFile(
      "gz-members", "data D1", .made("gz-members.csv.gz"), "n|s",
      .rows((1...10).map { "\($0),row \($0)\n" }.joined())),
    HostileFile(
      "gz-padded", "data D18", .made("gz-padded.csv.gz"), "n|s",
      .rows((1...10).map { "\($0),row \($0)\n" }.joined())),
    HostileFile(
      "xlsx-formula-without-value", "data D9", .made("xlsx-formula-without-value.xlsx"), "n|s",
      .says("cell A2 holds a formula without a value; open the workbook in Excel and save it")),
    HostileFile(
      "xlsx-formula-with-value", "data D9", .made("xlsx-formula-with-value.xlsx"), "n|s",
      .rows("2,a\n")),
    HostileFile(
      "xlsx-error", "data D9", .made("xlsx-error.xlsx"), "n|s",
      .says("cell A2 holds the error #SPILL!")),
    HostileFile(
      "xlsx-hidden-first", "data D9", .made("xlsx-hidden-first.xlsx"), "n|s", .rows("1,a\n2,b\n")),
    HostileFile(
      "xlsx-hidden-named", "data D9", .made("xlsx-hidden-first.xlsx", sheet: "Old"), "n|s",
      .rows("9,z\n")),
    HostileFile(
      "xlsx-two-sheets", "data D9", .made("xlsx-two-sheets.xlsx"), "n|s",
      .says(
        "the workbook has 2 visible sheets; name one with the key 'sheet': 'Year 2009', 'Year 2010'"
      )),
    HostileFile(
      "xlsx-sheet-by-name", "data D9", .made("xlsx-two-sheets.xlsx", sheet: "Year 2010"), "n|s",
      .rows("1,a\n2,b\n")),
    HostileFile(
      "xlsx-sheet-by-number", "data D9", .made("xlsx-two-sheets.xlsx", sheet: "1"), "n|s",
      .rows("9,z\n")),
    HostileFile(
      "xlsx-blank-row", "data D9", .made("xlsx-blank-row.xlsx"), "n|s", .rows("1,a\n2,b\n")),
    HostileFile(
      "xlsx-fault-after-blank-row", "data D15", .made("xlsx-fault-after-blank-row.xlsx"), "n|s",
      .says("the file, row 4, column 'n': '1.5' is not a whole number")),
    HostileFile(
      "xlsx-seconds", "data D9", .made("xlsx-seconds.xlsx"), "at",
      .rows("2010-12-01 08:26:59\n2010-12-01 08:26:00\n")),
    HostileFile(
      "xlsx-beyond-header", "data D9", .made("xlsx-beyond-header.xlsx"), "n|s",
      .says("row 2 has a value in column C, the header has 2 columns")),
  ]

  private static let parquet = [
    HostileFile(
      "parquet-fraction-in-whole", "steps 3.2b", .parquet("SELECT unnest([1.0, 1.7])::DOUBLE AS n"),
      "n", .says("the file, row 2, column 'n': '1.7' is not a whole number")),
    HostileFile(
      "parquet-whole-doubles", "data D8",
      .parquet("SELECT unnest([17.0, NULL])::DOUBLE AS n, 'a' AS s"), "n|s", .rows("17,a\nNULL,a\n")
    ),
    HostileFile(
      "parquet-decimal-too-fine", "steps 3.2b", .parquet("SELECT 1.239::DECIMAL(10, 3) AS d"), "d",
      .says("'1.239' is not a number with at most 2 digits")),
    HostileFile(
      "parquet-digits-lost-in-float", "steps 3.2b", .parquet("SELECT 16777217::BIGINT AS f"), "f",
      .says("'16777217' is not a finite number that 32 bits hold")),
    HostileFile(
      "parquet-text-fraction", "steps 3.2b", .parquet("SELECT '1.7' AS n"), "n",
      .says("'1.7' is not a whole number")),
    HostileFile(
      "parquet-double-as-text", "data D8", .parquet("SELECT 22633.0::DOUBLE AS s"), "s",
      .rows("22633\n")),
    HostileFile(
      "parquet-large-double-as-text", "data D8", .parquet("SELECT 1e17::DOUBLE AS s"), "s",
      .says("is not a text or a whole number below 2^53")),
    HostileFile(
      "parquet-list-as-text", "data D15", .parquet("SELECT ['a'] AS s"), "s",
      .says("column 's': '[a]' is not a text")),
    HostileFile(
      "parquet-empty-text", "data D15", .parquet("SELECT '' AS n, 'a' AS s"), "n|s",
      .rows("NULL,a\n")),
    HostileFile(
      "parquet-zone", "steps 3.1c",
      .parquet("SELECT '2026-02-01T00:30:00+02:00'::TIMESTAMPTZ AS at"), "at",
      .rows("2026-01-31 22:30:00\n")),
    HostileFile(
      "parquet-text-times", "data D15",
      .parquet("SELECT unnest(['12/1/2010 8:26', '2010-12-01T08:27:00Z']) AS at"), "at",
      .rows("2010-12-01 08:26:00\n2010-12-01 08:27:00\n")),
    HostileFile(
      "parquet-truth-in-whole", "data D15", .parquet("SELECT true AS n"), "n",
      .says("'true' is not a whole number")),
    HostileFile(
      "parquet-break-in-name", "data D10", .parquet("SELECT 1 AS n, 'a' AS \"Unit\nPrice\""),
      "n|Unit\nPrice", .rows("1,a\n")),
  ]
}
