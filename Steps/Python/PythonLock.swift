// A lock file: packages with their versions and the digests of their files. It fetches nothing.
import AtelierStep

/// A requirements file with hashes, as `uv pip compile --generate-hashes` writes it.
public struct PythonLock: Sendable {
  /// A package that is locked.
  public struct Package: Hashable, Sendable {
    /// The name as the file has it.
    public let name: String
    /// The exact version.
    public let version: String
    /// How many digests are listed: one a file.
    public let hashes: Int
  }

  /// The name of the environment whose lock a file is: the file's without its ending.
  static func environment(of file: String) -> String {
    file.hasSuffix(".lock") ? String(file.dropLast(".lock".count)) : file
  }

  /// The packages in the order of the file.
  public let packages: [Package]

  /// Reads a lock.
  ///
  /// Throws a `StepFailure` with file and line for a requirement without an exact version or without a
  /// digest, and for options, which say where packages come from and not which.
  public init(_ script: Script) throws {
    var packages: [Package] = []
    var requirement = ""
    var first = 0
    let lines = script.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      var text = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
      // A hash in a digest would be none of the comment's.
      while let last = text.last, last == " " || last == "\r" || last == "\t" { text.removeLast() }
      let goesOn = text.hasSuffix("\\")
      if goesOn { text.removeLast() }
      if requirement.isEmpty { first = index + 1 }
      requirement += " " + text
      guard !goesOn else { continue }
      if let package = try Self.package(requirement, at: "\(script.name):\(first)") {
        packages.append(package)
      }
      requirement = ""
    }
    guard !packages.isEmpty else {
      throw StepFailure("\(script.name) locks no package; leave the environment out")
    }
    self.packages = packages
  }

  private static func package(_ text: String, at place: String) throws -> Package? {
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    guard let head = words.first else { return nil }
    guard !head.hasPrefix("-") else {
      throw StepFailure(
        "\(place): '\(head)' is an option; a lock holds packages with their hashes only")
    }
    let parts = head.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[1].isEmpty, !parts[0].isEmpty, !parts[2].isEmpty else {
      throw StepFailure(
        "\(place): expected name==version with hashes, found '\(head)'; make the lock by "
          + "`atelier environment lock NAME -w WORKSHOP`")
    }
    let hashes = words.dropFirst().count { $0.hasPrefix("--hash=sha256:") }
    guard hashes > 0 else {
      throw StepFailure(
        "\(place): \(head) has no --hash=sha256:..., so it could be anything; make the lock by "
          + "`atelier environment lock NAME -w WORKSHOP`")
    }
    return Package(name: parts[0], version: parts[2], hashes: hashes)
  }
}
