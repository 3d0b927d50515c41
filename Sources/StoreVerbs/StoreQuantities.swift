// Sizes and ages as people write them, and options that take them.
import CommandLine

/// Reads amounts with a unit.
enum Quantity {
  private static let ages: [(unit: String, milliseconds: Int64)] = [
    ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
  ]
  private static let sizes: [(unit: String, bytes: Int64)] = [
    ("B", 1), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ("TiB", 1 << 40),
  ]

  /// Milliseconds of `30d`, `12h`, `90m`, `4w` or `0s`; nil for anything else.
  static func age(_ text: String) -> Int64? { read(text, ages) }

  /// Bytes of `500MB`, `20GiB` or `1000B`; nil for anything else.
  static func size(_ text: String) -> Int64? { read(text, sizes) }

  private static func read(_ text: String, _ units: [(String, Int64)]) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let count = Int64(digits), let factor = units.first(where: { $0.0 == unit })?.1 else {
      return nil
    }
    let (product, overflows) = count.multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }
}

extension Option where Value == Int64 {
  /// An option whose value is an age, in ms.
  static func age(_ name: String, _ help: String) -> Option<Int64> {
    Option(name, value: "AGE", help) { text in
      guard let age = Quantity.age(text) else {
        throw UsageError(
          "--\(name) takes a whole number with s, m, h, d or w, such as 30d, not '\(text)'")
      }
      return age
    }
  }

  /// An option whose value is a size, in bytes.
  static func size(_ name: String, _ help: String) -> Option<Int64> {
    Option(name, value: "SIZE", help) { text in
      guard let size = Quantity.size(text) else {
        throw UsageError(
          "--\(name) takes a whole number with B, kB, MB, GB, TB or KiB ..., such as 20GB, "
            + "not '\(text)'")
      }
      return size
    }
  }
}
