// What an evaluation reads: a definition, a reach, and some users' scores. It asks nothing.
import AdobePlatform
import AtelierStep
import Content
import Segments

/// Readers of the files of week 5.
enum SegmentInputs {
  /// The definition that week 5 writes.
  static func definition(_ bytes: [UInt8]) throws -> SegmentDefinition {
    guard let json = try? JSONValue(parsing: bytes), let name = json["name"]?.string,
      let rule = json["expression"]?["value"]?.string
    else { throw StepFailure("the definition of the segment has no name and no rule") }
    var wish = SegmentDefinition(
      name: name, description: json["description"]?.string ?? "", rule: rule)
    if let days = json["ttlInDays"]?.integer(in: 1...3660) { wish.days = Int(days) }
    return wish
  }

  /// The second of the row's three columns: rule, reach, subscribed; a rule has no comma.
  static func reach(_ bytes: [UInt8]) throws -> Int64 {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    let values = lines.dropFirst().first?.split(separator: ",") ?? []
    guard lines.count == 2, values.count == 3, let reach = Int64(values[1]), reach >= 0 else {
      throw StepFailure(
        "the segment's table has no reach; expected a row of rule, reach, subscribed")
    }
    return reach
  }

  /// The first users' scores, `userId,prediction` behind a header; the last line of a part is left out.
  static func scores(_ bytes: [UInt8], isWhole: Bool, most: Int) -> [ProfileWatch.Score] {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.dropFirst().dropLast(isWhole ? 0 : 1).prefix(most).compactMap { line in
      let values = line.split(separator: ",")
      guard values.count == 2, let value = Double(values[1]) else { return nil }
      return ProfileWatch.Score(user: String(values[0]), value: value)
    }
  }
}
