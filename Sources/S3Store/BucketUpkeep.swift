// The bucket as a whole: what is there, and what is removed from it.
import Content
import RemoteCache

extension BucketStore {
  package func objects(_ folder: RemoteFolder) throws -> [RemoteObject] {
    let prefix =
      switch folder {
      case .blobs: layout.blobs
      case .results: layout.actions
      case .records: layout.runs
      case .everything: layout.all
      }
    return try translated { try client.list(prefix, delimiter: nil, after: nil) }.objects.map {
      RemoteObject(
        kind: layout.kind(of: $0.key), name: $0.key, size: $0.size,
        written: $0.lastModified.map { Timestamp(milliseconds: $0.seconds * 1000) })
    }
  }

  package func remove(_ objects: [RemoteObject]) throws {
    let failures = try translated { try client.delete(objects.map(\.name)) }
    guard let first = failures.first else { return }
    throw RemoteFailure(
      .refused,
      "\(failures.count) of \(objects.count) objects of \(name) could not be removed, the first "
        + "\(first.key): \(first.code) \(first.message); see to the right to delete there")
  }

  package func moveToQuarantine(_ object: RemoteObject) throws {
    let file = object.name.split(separator: "/").last.map(String.init) ?? "object"
    try translated {
      try client.duplicate(object.name, to: layout.quarantine(file))
      try client.delete(object.name, condition: .always)
    }
  }
}
