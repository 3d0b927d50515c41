// Canonical JSON against the examples of RFC 8785 and against Python's shortest digits.
import AtelierTesting
import Content
import Foundation
import Testing

@Suite struct CanonicalNumberTests {
  /// RFC 8785 appendix B: the bits of a double and its text.
  static let appendixB: [(UInt64, String)] = [
    (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"), (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
  ]

  @Test(arguments: appendixB)
  func appendixBOfTheRFC(_ bits: UInt64, _ text: String) throws {
    #expect(try JSONValue.number(Double(bitPattern: bits)).canonicalText() == text)
  }

  @Test(arguments: [
    ("333333333.33333329", "333333333.3333333"), ("1E30", "1e+30"), ("4.50", "4.5"),
    ("2e-3", "0.002"), ("0.000000000000000000000000001", "1e-27"), ("-0", "0"), ("-0.0", "0"),
    ("1e21", "1e+21"), ("1e-7", "1e-7"), ("1e-6", "0.000001"), ("1e20", "100000000000000000000"),
    ("123456789012345680000", "123456789012345680000"), ("-1.5e-9", "-1.5e-9"),
    ("9007199254740992", "9007199254740992"), ("-9007199254740992", "-9007199254740992"),
    ("9007199254740993", "\"9007199254740993\""), ("9007199254740994.0", "9007199254740994"),
    ("9223372036854775807", "\"9223372036854775807\""), ("0", "0"), ("10", "10"), ("7.0", "7"),
    ("1e0", "1"), ("100e-2", "1"), ("0.1", "0.1"), ("123456.789e3", "123456789"),
  ])
  func textsBecomeTheirCanonicalForm(_ given: String, _ canonical: String) throws {
    #expect(try JSONValue(parsing: given).canonicalText() == canonical)
  }

  @Test(arguments: [Double.nan, .signalingNaN, .infinity, -.infinity])
  func notFiniteNumbersAreRefused(_ value: Double) {
    #expect(throws: CanonicalJSONError.self) {
      try JSONValue.array([.number(value)]).canonicalBytes()
    }
  }

  /// The oracle: Python's repr has the same digits by an implementation of its own; its layout is
  /// made ECMAScript's from the decimal module, not from the text.
  private static let oracle = """
    import struct, sys
    from decimal import Decimal
    for line in sys.stdin:
        x = struct.unpack('>d', bytes.fromhex(line.strip()))[0]
        sign, digits, e = Decimal(repr(x)).as_tuple()
        d = ''.join(map(str, digits)).lstrip('0')
        while d.endswith('0'):
            d = d[:-1]; e += 1
        k = len(d); n = e + k
        if not d: s = '0'
        elif k <= n <= 21: s = d + '0' * (n - k)
        elif 0 < n <= 21: s = d[:n] + '.' + d[n:]
        elif -6 < n <= 0: s = '0.' + '0' * -n + d
        else:
            m = d if k == 1 else d[0] + '.' + d[1:]
            s = m + 'e' + ('+' if n > 0 else '-') + str(abs(n - 1))
        print(('-' if sign and d else '') + s)
    """

  @Test func randomDoublesAreWrittenAsAnIndependentOracleDoes() throws {
    var values: [Double] = []
    for _ in 0..<4000 { values.append(Double(bitPattern: .random(in: .min ... .max))) }
    for _ in 0..<2000 {
      values.append(Double(Int64.random(in: -1_000_000...1_000_000)) / 1000)
      values.append(Double.random(in: -1...1) * pow(10, Double(Int.random(in: -10...24))))
    }
    for exponent in -30...30 {
      let power = pow(10, Double(exponent))
      values += [power, power.nextUp, power.nextDown, -power]
    }
    values = values.filter(\.isFinite)
    let hex = values.map { value in
      let digits = String(value.bitPattern, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let answer = try Python.run(Self.oracle, input: hex.joined(separator: "\n"))
    let expected = answer.split(separator: "\n").map(String.init)
    try #require(expected.count == values.count)
    let wrong = try zip(values, expected).filter {
      try JSONValue.number($0.0).canonicalText() != $0.1
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }
}

@Suite struct CanonicalTextTests {
  @Test func theExampleOfTheRFC() throws {
    let given = #"""
      {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
       "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}
      """#
    let canonical =
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
      + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(try JSONValue(parsing: given).canonicalText() == canonical)
  }

  @Test func keysAreSortedByUTF16AsInTheRFC() throws {
    let given = #"""
      {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
       "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
       "\u00f6": "Latin Small Letter O With Diaeresis"}
      """#
    let canonical =
      #"{"\r":"Carriage Return","1":"One","# + "\"\u{80}\":\"Control\","
      + "\"\u{F6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20AC}\":\"Euro Sign\","
      + "\"\u{1F600}\":\"Emoji: Grinning Face\","
      + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    #expect(try JSONValue(parsing: given).canonicalBytes() == Array(canonical.utf8))
  }

  @Test func onlyWhatMustBeEscapedIs() throws {
    let all = (0..<0x20).map { String(Unicode.Scalar(UInt8($0))) }.joined() + "\"\\/\u{7F}é€😀"
    #expect(
      try JSONValue.string(all).canonicalText()
        == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
        + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d"#
        + #"\u001e\u001f\"\\/"# + "\u{7F}é€😀\"")
  }

  @Test func textIsNotNormalized() throws {
    let composed = try JSONValue.string("\u{E9}").canonicalBytes()
    let decomposed = try JSONValue.string("e\u{301}").canonicalBytes()
    #expect(composed == [0x22, 0xC3, 0xA9, 0x22])
    #expect(decomposed == [0x22, 0x65, 0xCC, 0x81, 0x22])
  }

  @Test func emptyContainers() throws {
    #expect(try JSONValue.array([[:], [], ""]).canonicalText() == #"[{},[],""]"#)
  }

  @Test func canonicalBytesReadBackAndWrittenAgainAreTheSame() throws {
    var generator = SeededGenerator(state: 7)
    for _ in 0..<400 {
      let value = RandomJSON.value(depth: 4, using: &generator)
      let bytes = try value.canonicalBytes()
      #expect(try JSONValue(parsing: bytes).canonicalBytes() == bytes)
    }
  }
}

enum RandomJSON {
  private static let letters = ["a", "\"", "\\", "\n", "é", "e\u{301}", "😀", "\u{FB33}", "0", "/"]

  static func text(using generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...5, using: &generator))
      .map { _ in letters.randomElement(using: &generator) ?? "" }.joined()
  }

  static func value(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(.random(in: .min ... .max, using: &generator))
    case 3: return .integer(.random(in: -100...100, using: &generator))
    case 4:
      let value = Double(bitPattern: .random(in: .min ... .max, using: &generator))
      return .number(value.isFinite ? value : 0.5e18)
    case 5: return .string(text(using: &generator))
    case 6:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          value(depth: depth - 1, using: &generator)
        })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        members[text(using: &generator)] = value(depth: depth - 1, using: &generator)
      }
      return .object(members)
    }
  }
}
