// What the package manager has on record of some packages, so that a copy of their files is found
// as they are. It starts nothing.
import FileTools

extension PackageClosure {
  /// The records of the packages of some closures alone, as files of the package manager with their
  /// absolute paths; none where the manager is not dpkg.
  package static func dpkgRecords(of closures: [PackageClosure]) throws -> [(
    path: String, bytes: [UInt8]
  )] {
    let folder = "/var/lib/dpkg"
    let limit = 256 << 20
    guard closures.contains(where: { $0.recordPaths.contains("\(folder)/status") }),
      let status = try Disk.read("\(folder)/status", atMost: limit)
    else { return [] }
    let wanted = Set(closures.flatMap { $0.versions.keys })
    var records = [("\(folder)/status", excerpt(of: status, wanted))]
    for name in try (Disk.names(in: "\(folder)/info") ?? []).sorted() {
      guard name.hasSuffix(".list"),
        let package = name.dropLast(5).split(separator: ":").first,
        wanted.contains(String(package)),
        let bytes = try Disk.read("\(folder)/info/\(name)", atMost: limit)
      else { continue }
      records.append(("\(folder)/info/\(name)", bytes))
    }
    return records
  }

  /// A status file with the paragraphs of some packages alone.
  static func excerpt(of status: [UInt8], _ wanted: Set<String>) -> [UInt8] {
    stanzas(status).reduce(into: []) { kept, stanza in
      guard let name = name(of: stanza), wanted.contains(name) else { return }
      kept += stanza + [10]
    }
  }

  /// The paragraphs of a status file, each with the newline of its last line.
  private static func stanzas(_ bytes: [UInt8]) -> [[UInt8]] {
    var stanzas: [[UInt8]] = []
    var stanza: [UInt8] = []
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !stanza.isEmpty { stanzas.append(stanza) }
        stanza = []
      } else {
        stanza += line + [10]
      }
    }
    if !stanza.isEmpty { stanzas.append(stanza) }
    return stanzas
  }

  private static func name(of stanza: [UInt8]) -> String? {
    let mark = Array("Package: ".utf8)
    return stanza.split(separator: 10).first { $0.starts(with: mark) }
      .map { String(decoding: $0.dropFirst(mark.count), as: UTF8.self) }
  }
}
