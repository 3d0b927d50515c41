// Which files below a prefix are those of one export. It reads nothing.
import Content

/// The files of one export of a data set.
package struct ExportedFiles: Sendable, Hashable {
  /// The digits behind `exportTime=`.
  package let time: String
  /// The keys in their order.
  package let keys: [String]

  /// Finds the newest export of so many files, among the keys of a bucket, that began at a time or later.
  ///
  /// Files lie in `<prefix>/<data set>/exportTime=<12 or 14 digits>/`. Another exporter may write into
  /// another such folder at the same time; a folder whose files are not all there yet is none.
  package static func newest(
    of dataset: String, below place: StoragePlace, keys: [String], files: Int64,
    sinceMilliseconds start: Int64
  ) -> ExportedFiles? {
    let root = place.key("\(dataset)/exportTime=")
    var folders: [String: [String]] = [:]
    for key in keys where key.hasPrefix(root) {
      let rest = key.dropFirst(root.count)
      guard let slash = rest.firstIndex(of: "/") else { continue }
      let (digits, name) = (rest[..<slash], rest[rest.index(after: slash)...])
      // Writers keep their own notes beside the parts.
      guard !name.isEmpty, !name.hasPrefix("_"), !name.hasPrefix("."), seconds(digits) != nil
      else { continue }
      folders[String(digits), default: []].append(key)
    }
    let whole = folders.compactMap { digits, keys -> (Int64, ExportedFiles)? in
      guard Int64(keys.count) == files, let seconds = seconds(Substring(digits)) else { return nil }
      // Twelve digits have no seconds.
      let grain: Int64 = digits.utf8.count == 12 ? 60 : 1
      guard seconds + grain > start / 1000 else { return nil }
      return (seconds, ExportedFiles(time: digits, keys: keys.sorted()))
    }
    return whole.max { ($0.0, $0.1.time) < ($1.0, $1.1.time) }?.1
  }

  /// The moment of `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`; nil for one that no calendar has.
  private static func seconds(_ digits: Substring) -> Int64? {
    guard [12, 14].contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let values = Array(digits.utf8).map { Int64($0 - 48) }
    func number(_ range: Range<Int>) -> Int64 { values[range].reduce(0) { $0 * 10 + $1 } }
    let (hour, minute) = (number(8..<10), number(10..<12))
    let second = values.count == 14 ? number(12..<14) : 0
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let day =
      "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6).prefix(2))"
    guard let midnight = CivilTime(date: day)?.secondsSince1970 else { return nil }
    return midnight + hour * 3600 + minute * 60 + second
  }
}
