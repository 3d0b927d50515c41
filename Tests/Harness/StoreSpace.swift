// What tests of the store's verbs ask of a store's folder, by plain file access: none of our own
// code that is under test.
import AtelierTesting
import Content
import Foundation

/// The results of a store as its files tell.
package struct StoreOnDisk {
  package let base: String

  package init(_ root: String) { base = root + "/.atelier" }

  package var results: [String] { TestFiles.list(base + "/ac") }
  package var blobs: [String] { TestFiles.list(base + "/cas") }
  package var runs: [String] { TestFiles.list(base + "/runs") }
  package var quarantine: [String] { TestFiles.list(base + "/quarantine") }

  /// The path of a result's file.
  package func result(_ key: Digest) -> String { "\(base)/ac/\(key.hex.prefix(2))/\(key.hex).json" }

  /// Writes results that no run made, each with a blob of its own, oldest first; their files.
  package func addGarbage(_ name: String, _ count: Int) throws -> [String] {
    try (0..<count).map { number in
      let text = "\(name) \(number)"
      let digest = try Digest.of(text)
      try TestFiles.write(
        Array(text.utf8), to: "\(base)/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)")
      let document = try JSONValue.object(["garbage": .string(text)]).canonicalText()
      let key = try Digest.of(document)
      let rest: JSONValue = [
        "exit": 0, "host": "nobody@nowhere", "key": .string(key.description), "seconds": 0.5,
        "outputs": [
          "out": [
            "digest": .string(digest.description), "kind": "file", "mediaType": "text/plain",
            "size": .integer(Int64(text.utf8.count)),
          ]
        ],
        "startedAt": "2026-01-01T00:00:00.000Z", "version": 1, "versions": [:],
      ]
      let file = try "{\"document\":" + document + "," + rest.canonicalText().dropFirst()
      try TestFiles.write(Array(file.utf8), to: result(key))
      return result(key)
    }
  }

  /// Results one of whose blobs is not there or is not what its name says.
  package func incomplete() throws -> [String] {
    try results.filter { name in
      let json = try JSONValue(parsing: TestFiles.read("\(base)/ac/\(name)"))
      return try (json["outputs"]?.object ?? [:]).values.contains { output in
        let hex = String((output["digest"]?.string ?? "").dropFirst("sha256:".count))
        let path = "\(base)/cas/sha256/\(hex.prefix(2))/\(hex)"
        guard let bytes = try? TestFiles.read(path) else { return true }
        return try Digest.of(bytes).hex != hex
      }
    }
  }
}

extension EndedProgram {
  /// The key of a step in a run.
  package func key(of step: String) throws -> Digest {
    guard let key = self.step(step)?["key"]?.string.flatMap({ Digest($0) }) else {
      throw ProgramError("\(step) has no key in:\n\(out)\n\(err)")
    }
    return key
  }

  /// The steps that events of a name tell.
  package func steps(in event: String) -> [String] {
    events.filter { $0["event"]?.string == event }.compactMap { $0["step"]?.string }.sorted()
  }
}
