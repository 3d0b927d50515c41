// Makes ini files at random, the same ones for the same seed. It knows nothing of their meaning.

import AtelierTesting

extension SeededGenerator {
  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &self)]
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Random files: calm ones that mostly can be read, and wild ones that mostly cannot.
struct IniCorpus {
  private var random: SeededGenerator
  private var serial = 0

  init(seed: UInt64) { random = SeededGenerator(state: seed) }

  static let values = [
    "", "plain", "1", "007", "0x10", "1_000", "1__0", "-5", "+ 5", "9223372036854775808", "3.5",
    "1e400", ".5", "5.", "1_0.2_5e1_0", "nan", "-Infinity", "\u{663}.\u{665}", "\u{6F4}\u{6F2}",
    "yes", "OFF", "True", "nO", "oN", "tru\u{17F}", "%(key)s", "%(KEY)s-%(a b)s", "%%", "100%",
    "%(", "%()s", "%(nope)s", "%(loop)s", "%(key)", "%d", "a%%(key)sb", "%(other)s%(other)s",
    "text # no comment", "text ; no comment", "; x", "# y", "[v]", "[v", "a=b", ":c",
    "\u{2003}wide",
    "\u{1C}5", "\u{A0}7\u{A0}", "line\u{85}next\u{2028}line", "a\u{0B}b\u{0C}c", "\u{FEFF}",
    "nul\0",
    "na\u{EF}ve", "nai\u{308}ve", "\u{1F469}\u{200D}\u{1F52C}",
  ]
  private static let keys = [
    "key", "Key", "other", "loop", "a b", "\u{3A3}\u{391}\u{3A3}", "\u{130}d", "x%y",
    "e\u{301}", "\u{E9}", "sandbox.name", "[k", "\u{1E9E}", "client_secret",
  ]
  private static let names = [
    "Platform", "Platform", "platform", "Cloud", "DEFAULT", "default", "A]B", " ", "[x",
    "na\u{EF}ve",
    "nai\u{308}ve", "AWS ", "Data=Robot", "#1", "",
  ]
  private static let delimiters = [
    "=", " = ", ":", " : ", "=  ", ": ", "\u{A0}=\u{A0}", "\t:\t", "==", " := ",
  ]
  private static let spaces = [
    "", "", "", "", " ", "  ", "\t", "\u{A0}", "    ", "\u{3000}", "\u{0C}", "\u{1F}",
  ]

  /// The next file.
  mutating func file() -> [UInt8] {
    let isCalm = random.chance(60)
    let ending = random.pick(["\n", "\n", "\r\n", "\r", ""])
    var text = isCalm || random.chance(75) ? header(isCalm: isCalm) : ""
    for _ in 0..<Int.random(in: 1...14, using: &random) {
      text += text.isEmpty ? "" : ending.isEmpty ? random.pick(["\n", "\r\n", "\r"]) : ending
      text += line(isCalm: isCalm)
    }
    if random.chance(70) { text += ending }
    if random.chance(3) { text = "\u{FEFF}" + text }
    var bytes = Array(text.utf8)
    if random.chance(4) {
      let junk: [[UInt8]] = [
        [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x80],
      ]
      bytes.insert(
        contentsOf: random.pick(junk), at: Int.random(in: 0...bytes.count, using: &random))
    }
    return bytes
  }

  /// The next value, of one or several lines.
  mutating func value() -> String {
    (0..<random.pick([1, 1, 1, 2, 3])).map { _ in
      (random.chance(10) ? " " : "") + random.pick(Self.values) + (random.chance(4) ? "\r" : "")
    }.joined(separator: "\n")
  }

  private mutating func line(isCalm: Bool) -> String {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<40: option(isCalm: isCalm)
    case 40..<60:
      random.pick([" ", "  ", "\t", "      ", "\u{3000}\u{3000}"]) + random.pick(Self.values)
    case 60..<75: random.pick(Self.spaces)
    case 75..<87: random.pick(Self.spaces) + random.pick(["#", ";", "# a = b", ";[x]", "#%("])
    case 87..<96: header(isCalm: isCalm)
    default: isCalm ? "" : random.pick(Self.spaces) + random.pick(Self.values + ["= 1", ": 2"])
    }
  }

  private mutating func option(isCalm: Bool) -> String {
    serial += 1
    // A calm file still refers to the fixed names, so that some references lead nowhere.
    let key = random.pick(Self.keys) + (isCalm && random.chance(70) ? String(serial) : "")
    let indent = isCalm && random.chance(80) ? "" : random.pick(Self.spaces)
    return indent + key + random.pick(Self.delimiters) + random.pick(Self.values)
      + random.pick(Self.spaces)
  }

  private mutating func header(isCalm: Bool) -> String {
    serial += 1
    let name = random.pick(isCalm ? ["DEFAULT", "S\(serial)", "S\(serial)"] : Self.names)
    let indent = isCalm ? "" : random.pick(Self.spaces)
    return indent + "[" + name + "]" + random.pick(["", "", "", " ", " ; no comment", "]", " = x"])
  }
}
