// The name of an image as people type it: registry, repository and tag.
import HTTP

/// `registry/repository:tag`.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
  /// The host, with a port where one was given.
  package let host: String
  package let repository: String
  package let tag: String

  /// Parses an image's name; without a tag it is `latest`.
  ///
  /// - Throws: a `RegistryError` that says what was expected.
  package init(_ text: String) throws(RegistryError) {
    func wrong(_ reason: String) -> RegistryError {
      .badReference(text: text, reason: reason)
    }
    guard !text.contains("@") else {
      throw wrong("it names a digest; expected a tag, since a push gives the digest")
    }
    guard let slash = text.firstIndex(of: "/"), slash > text.startIndex else {
      throw wrong("it has no registry before a slash")
    }
    let host = text[..<slash]
    let rest = text[text.index(after: slash)...]
    guard host == "localhost" || host.contains(".") || host.contains(":") else {
      throw wrong("'\(host)' is not the host of a registry; for Docker Hub write docker.io/\(text)")
    }
    guard ServiceURL("https://\(host)") != nil else { throw wrong("'\(host)' is not a host") }
    let colon = rest.lastIndex(of: ":")
    let repository = colon.map { rest[..<$0] } ?? rest
    let tag = colon.map { rest[rest.index(after: $0)...] } ?? "latest"
    guard Self.isRepository(repository) else {
      throw wrong(
        "'\(repository)' is not a repository; expected small letters and digits, with '.', '_', '-' and "
          + "'/' between them")
    }
    guard Self.isTag(tag) else {
      throw wrong(
        "'\(tag)' is not a tag; expected 1 to 128 letters, digits, '.', '_' and '-', not '.' or '-' first"
      )
    }
    (self.host, self.repository, self.tag) = (String(host), String(repository), String(tag))
  }

  package var description: String { "\(host)/\(repository):\(tag)" }

  /// Where the registry listens; Docker Hub has another host for it than its name.
  func base(plain: Bool) -> ServiceURL? {
    ServiceURL(
      "\(plain ? "http" : "https")://\(host == "docker.io" ? "registry-1.docker.io" : host)")
  }

  private static func isRepository(_ text: Substring) -> Bool {
    guard (1...255).contains(text.utf8.count) else { return false }
    return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return isPlain(first) && isPlain(last)
        && part.utf8.allSatisfy { isPlain($0) || ".-_".utf8.contains($0) }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte)
  }

  private static func isTag(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
    return !".-".utf8.contains(first)
      && text.utf8.allSatisfy {
        isPlain($0) || (65...90).contains($0) || "._-".utf8.contains($0)
      }
  }
}
