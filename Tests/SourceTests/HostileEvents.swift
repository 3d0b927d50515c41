// Hostile files of events. The rows of Tests/Hostile/README.md say the same in words.
import Source
import Testing

/// One file of events and what is expected of it.
struct HostileEvents: Sendable, CustomTestStringConvertible {
  enum Expected: Sendable {
    /// The users, in the order of the events.
    case users([String])
    /// The times, in the order of the events.
    case times([String])
    /// A sentence in the refusal.
    case says(String)
  }

  let id: String
  let fault: String
  let format: EventFileFormat
  let text: String
  let expected: Expected

  var testDescription: String { id }

  private static func csv(
    _ id: String, _ fault: String, _ rows: String, more: String = "", _ expected: Expected
  ) -> HostileEvents {
    HostileEvents(
      id: id, fault: fault, format: .csv,
      text: "_id,eventType,timestamp,_acme.cmle_id\(more)\n\(rows)",
      expected: expected)
  }

  private static func json(
    _ id: String, _ fault: String, _ lines: [String], _ expected: Expected
  ) -> HostileEvents {
    HostileEvents(
      id: id, fault: fault, format: .json, text: lines.joined(separator: "\n") + "\n",
      expected: expected)
  }

  private static func line(
    id: String = #""a""#, type: String = #""t""#, time: String = #""2024-05-01T12:30:00Z""#,
    user: String = #""u""#, more: String = ""
  ) -> String {
    #"{"_id":\#(id),"eventType":\#(type),"timestamp":\#(time),"_acme":{"cmle_id":\#(user)}\#(more)}"#
  }

  private static func time(_ id: String, _ fault: String, _ time: String, _ expected: Expected)
    -> HostileEvents
  {
    csv(id, fault, "a,t,\(time),u\n", expected)
  }

  static let all: [HostileEvents] = times + identifiers + shapes

  private static let times = [
    time(
      "event-two-digit-year", "data D6", "24-05-01 12:30:00",
      .says("the file, line 2, column 'timestamp': '24-05-01 12:30:00' is not a time")),
    time("event-epoch", "data D6", "epoch", .says("'epoch' is not a time")),
    time("event-infinity", "data D6", "infinity", .says("'infinity' is not a time")),
    time("event-year-one", "data D6", "0001-01-01T00:00:00Z", .says("is not a time")),
    time(
      "event-year-9999", "data D6", "9999-12-31T23:59:59Z",
      .says("is not a time such as 2024-05-01T12:30:00Z, from 1970 to 2199")),
    time("event-before-1970", "data D6", "1969-12-31T23:59:59Z", .says("is not a time")),
    time(
      "event-1970-by-offset", "data D6", "1969-12-31T23:30:00-01:00",
      .times(["1970-01-01 00:30:00"])),
    time("event-compact", "data D6", "20240501", .says("'20240501' is not a time")),
    time("event-seconds", "data D6", "1714566600", .says("'1714566600' is not a time")),
    time(
      "event-named-zone", "data D6", "2024-03-31 02:30:00 Europe/Berlin", .says("is not a time")),
    time("event-offset", "steps 3.1", "2024-05-01T00:30:00+02:00", .times(["2024-04-30 22:30:00"])),
    time(
      "event-offset-without-seconds", "steps 3.1", "2024-05-01T12:30Z",
      .times(["2024-05-01 12:30:00"])),
    time(
      "event-offset-without-colon", "steps 3.1", "2024-05-01 12:30:00.5-0500",
      .times(["2024-05-01 17:30:00.5"])),
    time("event-day", "steps 3.1", "2024-05-01", .times(["2024-05-01 00:00:00"])),
    time("event-no-such-day", "data D6", "2024-02-30T00:00:00Z", .says("is not a time")),
  ]

  private static let identifiers = [
    json(
      "event-user-list", "data D8", [line(user: #"["u1","u2"]"#)],
      .says(
        "the file, line 1, column '_acme.cmle_id': '[\"u1\",\"u2\"]' is not a text or a whole number"
      )),
    json(
      "event-user-truth", "data D8", [line(user: "true")],
      .says("column '_acme.cmle_id': 'true' is not a text or a whole number")),
    json(
      "event-id-object", "data D8", [line(id: #"{"$oid":"abc"}"#)],
      .says("column '_id': '{\"$oid\":\"abc\"}' is not a text or a whole number")),
    json(
      "event-type-list", "data D8", [line(type: "[1]")], .says("column 'eventType': '[1]' is not")),
    json(
      "event-user-fraction", "data D8", [line(user: "1.5")],
      .says("column '_acme.cmle_id': '1.5' is not a text or a whole number")),
    json(
      "event-user-whole-double", "data D8",
      [line(id: "1", user: "17.0"), line(id: "2", user: "17")], .users(["17", "17"])),
    json(
      "event-user-38-digits", "data D8", [line(user: "12345678901234567890123456789012345678")],
      .users(["12345678901234567890123456789012345678"])),
    json("event-user-text-true", "data D8", [line(user: #""true""#)], .users(["true"])),
    json("event-user-leading-zeros", "data D8", [line(user: #""007""#)], .users(["007"])),
    json(
      "event-user-null", "data D8", [line(user: "null")],
      .says("column '_acme.cmle_id': empty; every event needs a value of it")),
    csv("event-user-breaks", "data D10", "a,t,2024-05-01,\"u\r\n1\"\n", .users(["u\r\n1"])),
    csv(
      "event-repeated-id", "data D16", "a,t,2024-05-01,u\n\nb,t,2024-05-01,u\na,t,2024-05-02,v\n",
      .says("the file, lines 2 and 5, column '_id': both have 'a'")),
  ]

  private static let shapes = [
    csv("event-header-alone", "data D11", "", .users([])),
    HostileEvents(
      id: "event-empty-file", fault: "data D11", format: .json, text: "", expected: .users([])),
    HostileEvents(
      id: "event-blank-lines", fault: "data D11", format: .json, text: "\n \n", expected: .users([])
    ),
    csv(
      "event-struct-column", "data D11", "a,t,2024-05-01,u,{}\n", more: ",web",
      .says("the header has the column 'web', which is a struct; give its fields as columns")),
    csv(
      "event-backslash", "data D11", "a,t,2024-05-01,\"say \\\"hi\\\"\"\n",
      .says("a backslash does not escape a quote in CSV")),
    csv(
      "event-fault-after-blank-line", "data D15", "\na,t,2024-05-01,u\n\nb,t,yesterday,u\n",
      .says("the file, line 5, column 'timestamp': 'yesterday'")),
    csv(
      "event-number-as-text", "steps 3.2", "a,t,2024-05-01,u,many\n",
      more: ",web.webInteraction.linkClicks.value", .says("'many' is not a number")),
    csv(
      "event-hexadecimal", "data D15", "a,t,2024-05-01,u,0x10\n",
      more: ",web.webInteraction.linkClicks.value", .says("'0x10' is not a number")),
    json(
      "event-line-after-blank", "data D15", [line(), "", #"{"_id": "b", "#],
      .says("the file, line 3, '{\"_id\": \"b\", ' is not a JSON object")),
    json(
      "event-array-file", "data D13", ["[", line(), "]"],
      .says("the file, line 1, '[' is not a JSON object; give one object a line")),
    json(
      "event-text-for-struct", "data D8", [line(more: #","web":"page""#)],
      .says("the file, line 1, column 'web': the value is not a struct; give one or nothing")),
    json(
      "event-number-for-inner-struct", "data D8", [line(more: #","directMarketing":{"sends":1}"#)],
      .says("column 'directMarketing.sends': the value is not a struct")),
    json(
      "event-list-for-text", "data D15", [line(more: #","producedBy":["a"]"#)],
      .says("column 'producedBy': '[\"a\"]' is not a text")),
    json("event-bracket-in-text", "data D15", [line(more: #","producedBy":"[a""#)], .users(["u"])),
    json(
      "event-truth-for-number", "data D8",
      [line(more: #","directMarketing":{"sends":{"value":true}}"#)],
      .says("column 'directMarketing.sends.value': 'true' is not a number")),
    HostileEvents(
      id: "event-latin1-names", fault: "data D13", format: .csv,
      text: "_id,eventType,timestamp,_acme.cmle_id,caf\u{E9}\na,t,2024-05-01,u,1\n",
      expected: .users(["u"])),
  ]
}
