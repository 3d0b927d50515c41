// What tests of the store's verbs ask of a store's folder, by plain file access: none of our own
// code that is under test.
import AtelierTesting
import Content
import Foundation

/// The results of a store as its files tell.
struct StoreOnDisk {
  let base: String

  init(_ root: String) { base = root + "/.atelier" }

  var results: [String] { TestFiles.list(base + "/ac") }
  var blobs: [String] { TestFiles.list(base + "/cas") }
  var runs: [String] { TestFiles.list(base + "/runs") }
  var quarantine: [String] { TestFiles.list(base + "/quarantine") }

  /// The path of a result's file.
  func result(_ key: Digest) -> String { "\(base)/ac/\(key.hex.prefix(2))/\(key.hex).json" }

  /// Results one of whose blobs is not there or is not what its name says.
  func incomplete() throws -> [String] {
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
  func key(of step: String) throws -> Digest {
    guard let key = self.step(step)?["key"]?.string.flatMap({ Digest($0) }) else {
      throw ProgramError("\(step) has no key in:\n\(out)\n\(err)")
    }
    return key
  }

  /// The steps that events of a name tell.
  func steps(in event: String) -> [String] {
    events.filter { $0["event"]?.string == event }.compactMap { $0["step"]?.string }.sorted()
  }
}
