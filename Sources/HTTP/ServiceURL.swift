// Where a service listens: a scheme, a host, perhaps a port and a path before all others.

/// The base of a service's URLs, such as `https://sts.eu-west-1.amazonaws.com`.
package struct ServiceURL: Sendable, Hashable, CustomStringConvertible {
  /// `http` or `https`.
  package let scheme: String
  /// Lower case; an IPv6 address stands in brackets.
  package let host: String
  /// nil: the scheme's own.
  package let port: UInt16?
  /// Begins with a slash and does not end in one; empty: none.
  package let path: String

  package init(scheme: String, host: String, port: UInt16? = nil, path: String = "") {
    self.scheme = scheme
    self.host = host
    self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
    self.path = path
  }

  /// Parses `http[s]://host[:port][/path]`; nil for anything else, also for a user or a query.
  package init?(_ text: String) {
    guard let colon = text.range(of: "://"),
      case let scheme = text[..<colon.lowerBound].lowercased(),
      ["http", "https"].contains(scheme),
      text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"?#@\\\"<>^`{|}".utf8.contains($0) })
    else { return nil }
    let rest = text[colon.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    var path = String(rest[authority.endIndex...])
    while path.hasSuffix("/") { path.removeLast() }
    let close = authority.lastIndex(of: "]") ?? authority.startIndex
    guard let mark = authority[close...].firstIndex(of: ":") else {
      guard !authority.isEmpty else { return nil }
      self.init(scheme: scheme, host: authority.lowercased(), path: path)
      return
    }
    guard let port = UInt16(authority[authority.index(after: mark)...]), mark > authority.startIndex
    else { return nil }
    self.init(scheme: scheme, host: authority[..<mark].lowercased(), port: port, path: path)
  }

  /// The host with the port where it is not the scheme's own: the field `Host`.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }

  /// Whether requests stay on this machine.
  package var isOnThisMachine: Bool {
    host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
  }

  package var description: String { "\(scheme)://\(authority)\(path)" }

  /// The same place with a name before the host's.
  package func prefixed(by name: String) -> ServiceURL {
    ServiceURL(scheme: scheme, host: "\(name).\(host)", port: port, path: path)
  }
}

extension String {
  /// Where another string begins and ends in this one, without Foundation.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) {
        return start..<index(start, offsetBy: other.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
