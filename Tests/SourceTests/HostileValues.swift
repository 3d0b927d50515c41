// Hostile files of tables whose fault is a number or a time.

extension HostileFile {
  static let numbers = [
    HostileFile(
      "csv-fraction-in-whole", "steps 3.2", "n\n1\n1.7\n", "n",
      .says("the file, line 3, column 'n': '1.7' is not a whole number")),
    HostileFile(
      "csv-half-in-whole", "steps 3.2", "n\n2.5\n", "n",
      .says("line 2, column 'n': '2.5' is not a whole number")),
    HostileFile(
      "csv-exponent-in-whole", "steps 3.2", "n\n1e3\n", "n", .says("'1e3' is not a whole number")),
    HostileFile(
      "csv-hexadecimal", "data D15", "n\n0x10\n", "n", .says("'0x10' is not a whole number")),
    HostileFile(
      "csv-underscore", "data D15", "n\n1_000\n", "n", .says("'1_000' is not a whole number")),
    HostileFile("csv-number-NA", "data D15", "n\nNA\n", "n", .says("'NA' is not a whole number")),
    HostileFile(
      "csv-too-large", "steps 3.2", "n\n9223372036854775808\n", "n",
      .says("'9223372036854775808' is not a whole number that fits BIGINT")),
    HostileFile(
      "csv-whole-with-point", "data D8", "n\n17850.0\n -3. \n", "n", .rows("17850\n-3\n")),
    HostileFile(
      "csv-digits-lost-in-double", "steps 3.2b", "x\n9007199254740993\n", "x",
      .says("'9007199254740993' is not a finite number that 64 bits hold exactly")),
    HostileFile(
      "csv-digits-lost-in-float", "steps 3.2b", "f\n16777217\n", "f",
      .says("'16777217' is not a finite number that 32 bits hold exactly")),
    HostileFile(
      "csv-infinite", "steps 3.2", "x\ninf\n", "x", .says("'inf' is not a finite number")),
    HostileFile(
      "csv-overflow", "steps 3.2", "x\n1e999\n", "x", .says("'1e999' is not a finite number")),
    HostileFile(
      "csv-decimal-too-fine", "steps 3.2b", "d\n1.50\n1.239\n", "d",
      .says("line 3, column 'd': '1.239' is not a number with at most 2 digits")),
    HostileFile("csv-decimal-zeros", "steps 3.2b", "d\n1.5000\n-.5\n", "d", .rows("1.50\n-0.50\n")),
  ]

  static let times = [
    HostileFile(
      "csv-two-digit-year", "data D6", "at\n12/1/10 8:26\n", "at",
      .says("'12/1/10 8:26' is not a time")),
    HostileFile(
      "csv-iso-beside-format", "data D15", "at\n12/1/2010 8:26\n2010-12-01 08:27\n", "at",
      .rows("2010-12-01 08:26:00\n2010-12-01 08:27:00\n")),
    HostileFile(
      "csv-offset", "steps 3.1c", "at\n2026-02-01T00:30:00+02:00\n2026-02-01 00:30-0500\n", "at",
      .rows("2026-01-31 22:30:00\n2026-02-01 05:30:00\n")),
    HostileFile(
      "csv-seconds-beyond-format", "data D9", "at\n12/1/2010 8:26:59\n", "at",
      .says(
        "'12/1/2010 8:26:59' is not a time such as 2024-05-01T12:30:00Z or in the form %m/%d/%Y %H:%M"
      )),
    HostileFile("csv-epoch", "data D6", "at\nepoch\n", "at", .says("'epoch' is not a time")),
    HostileFile(
      "csv-year-one", "data D6", "at\n0001-01-01T00:00:00Z\n", "at",
      .says("'0001-01-01T00:00:00Z' is not a time")),
    HostileFile(
      "csv-named-zone", "data D6", "at\n2024-03-31 02:30 Europe/Berlin\n", "at",
      .says("is not a time")),
    HostileFile(
      "csv-compact-date", "data D6", "at\n20240501\n", "at", .says("'20240501' is not a time")),
    HostileFile(
      "csv-date-with-offset", "steps 3.1c", "day\n2026-11-01T23:30:00-05:00\n", "day",
      .says("'2026-11-01T23:30:00-05:00' is not a date")),
    HostileFile(
      "csv-no-such-day", "data D6", "day\n2024-02-30\n", "day", .says("'2024-02-30' is not a date")),
  ]
}
