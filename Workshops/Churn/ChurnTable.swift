// The customers as a table: the names of its columns, which the file itself does not have.
import LearningFormats
import Source

enum ChurnTable {
  /// 0 for a customer who stays; of several classes the number.
  static let label = "churn"

  static let features = numbers.map(\.name) + flags.map(\.name)

  /// No header, the label first; each row may be one quoted field.
  static let schema = TableSchema(
    columns: [TableColumn(label, "BIGINT")] + numbers + flags, header: false, quotedRows: true,
    rowNumber: row, required: [label])

  /// The row's number in the file.
  static let row = "row"

  private static let numbers = [
    TableColumn("account_length", "BIGINT"), TableColumn("vmail_message", "BIGINT"),
    TableColumn("day_mins", "DOUBLE"), TableColumn("day_calls", "BIGINT"),
    TableColumn("eve_mins", "DOUBLE"), TableColumn("eve_calls", "BIGINT"),
    TableColumn("night_mins", "DOUBLE"), TableColumn("night_calls", "BIGINT"),
    TableColumn("intl_mins", "DOUBLE"), TableColumn("intl_calls", "BIGINT"),
    TableColumn("custserv_calls", "BIGINT"),
  ]

  /// One of a group is 1: state, area code, international plan, voice mail plan.
  private static let flags =
    (states.map { "state_\($0)" } + ["408", "415", "510"].map { "area_\($0)" } + [
      "intl_plan_no", "intl_plan_yes", "vmail_plan_no", "vmail_plan_yes",
    ]).map { TableColumn($0, "BIGINT") }

  private static let states = """
    AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM \
    NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY
    """.split(separator: " ")
}
