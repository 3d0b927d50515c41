// Which batches came and went between two versions of a data set, where a key only tells two digests.
import Content
import Execution
import LocalStores

/// Names batches in an explanation.
struct VersionChanges {
  let store: LocalStore

  /// How the media types of versions begin, whatever they are of.
  static let mediaType = "application/vnd.atelier.dataset-version+json"
  /// A version has some dozen bytes a batch; larger ones are not read for a line of text.
  private static let mostBytes: Int64 = 1 << 20

  /// The changes, each of a version of a data set followed by the batches that differ.
  func naming(_ changes: [FieldChange], from old: JSONValue, to new: JSONValue) -> [FieldChange] {
    changes.flatMap { change -> [FieldChange] in
      guard change.field.hasPrefix("inputs."),
        case let name = String(change.field.dropFirst("inputs.".count)),
        let before = batches(old["inputs"]?[name]), let after = batches(new["inputs"]?[name]),
        before != after
      else { return [change] }
      return [
        change,
        FieldChange(
          field: change.field + ".batches", old: Self.text(before, without: after),
          new: Self.text(after, without: before)),
      ]
    }
  }

  /// Records by batch; none for an input that is not there, nil for one that is no version.
  private func batches(_ input: JSONValue?) -> [String: Int64]? {
    guard let input else { return [:] }
    guard input["mediaType"]?.string?.hasPrefix(Self.mediaType) == true,
      input["size"]?.integer ?? .max <= Self.mostBytes,
      let digest = input["digest"]?.string.flatMap({ Digest($0) }),
      let bytes = try? store.objects.bytes(of: digest),
      let list = (try? JSONValue(parsing: bytes))?["batches"]?.array
    else { return nil }
    return Dictionary(
      list.compactMap { batch in
        batch["id"]?.string.map { ($0, batch["records"]?.integer ?? 0) }
      }, uniquingKeysWith: { $1 })
  }

  private static func text(
    _ batches: [String: Int64], without others: [String: Int64]
  ) -> JSONValue? {
    let own = batches.filter { others[$0.key] != $0.value }.sorted { $0.key < $1.key }
    guard !own.isEmpty else { return nil }
    return .string(own.map { "\($0.key) (\($0.value) records)" }.joined(separator: ", "))
  }
}
