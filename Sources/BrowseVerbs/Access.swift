// Who gets an answer: the one who has the URL that the terminal showed, on a page of this server. Pure.
import MicroHTTP

/// The secrets of one call of the verb, and the rule that every request has to meet.
///
/// The URL's token is worth one redirection to the page, with a cookie. The cookie belongs to the page's
/// path, which is random, too: browsers share cookies between all ports of an address, and another server
/// there cannot name a path that it does not know.
struct Access: Sendable {
  /// What becomes of a request.
  enum Verdict: Hashable {
    /// It brings the token: send it to the page with the cookie.
    case enter
    /// It may have what lies at a path below the page's.
    case allow(path: String)
    /// Nothing but reading is possible.
    case refuseMethod
    case refuse
  }

  /// Bytes of each secret: 160 bits.
  private static let secretSize = 20
  static let cookieName = "atelier"
  static let fieldNames = ["Host", "Origin", "Cookie", "Sec-Fetch-Site", "If-None-Match"]

  let token: String
  let session: String
  /// The path of the page, with a slash at both ends.
  let root: String
  /// The address that the server listens on, as it was typed.
  let listening: String
  let port: UInt16
  /// Names of this machine that a browser elsewhere may use; empty where only this machine is served.
  let names: [String]

  init(listening: String, port: UInt16, names: [String]) {
    var generator = SystemRandomNumberGenerator()
    self.init(listening: listening, port: port, names: names, using: &generator)
  }

  init(
    listening: String, port: UInt16, names: [String],
    using generator: inout some RandomNumberGenerator
  ) {
    token = Self.secret(using: &generator)
    session = Self.secret(using: &generator)
    root = "/" + Self.secret(using: &generator) + "/"
    self.listening = listening
    self.port = port
    self.names = names
  }

  private static func secret(using generator: inout some RandomNumberGenerator) -> String {
    (0..<secretSize).map { _ in
      let digits = String(UInt8.random(in: .min ... .max, using: &generator), radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The URL for the terminal.
  var url: String {
    let host = listening.contains(":") ? "[\(listening)]" : listening
    return "http://\(host):\(port)/?token=\(token)"
  }

  var cookie: String {
    "\(Self.cookieName)=\(session); Path=\(root); HttpOnly; SameSite=Strict"
  }

  func verdict(_ request: WebRequest) -> Verdict {
    guard let host = request.fields["Host"], isOwn(host) else { return .refuse }
    if let origin = request.fields["Origin"], origin != "http://\(host)" { return .refuse }
    let isEntry = request.path == "/"
    // Another page may lead to this one, but load nothing from it.
    let site = request.fields["Sec-Fetch-Site"]
    if !isEntry, let site, site != "same-origin", site != "none" { return .refuse }
    let isKnown =
      isEntry
      ? Self.isEqual(request.arguments["token"] ?? "", token)
      : request.path.hasPrefix(root) && Self.isEqual(request.cookie(Self.cookieName) ?? "", session)
    guard isKnown else { return .refuse }
    guard request.method == "GET" || request.method == "HEAD" else { return .refuseMethod }
    return isEntry ? .enter : .allow(path: String(request.path.dropFirst(root.count)))
  }

  /// Whether `Host` names this server itself: a foreign name that leads here is a trick of its owner.
  private func isOwn(_ host: String) -> Bool {
    let suffix = ":\(port)"
    guard host.hasSuffix(suffix) || port == 80 else { return false }
    let name = (host.hasSuffix(suffix) ? String(host.dropLast(suffix.count)) : host).lowercased()
    if ["127.0.0.1", "localhost", "[::1]"].contains(name) { return true }
    if name == listening.lowercased() || name == "[\(listening.lowercased())]" { return true }
    guard !names.isEmpty else { return false }
    // No name server decides what a bare address means.
    return Self.isAddress(name) || names.contains { $0.lowercased() == name }
  }

  /// Whether a host is an address rather than a name.
  static func isAddress(_ host: String) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") {
      return host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { part in UInt8(part) != nil }
  }

  /// Whether only this machine can reach an address.
  static func isLoopback(_ address: String) -> Bool {
    let name = address.lowercased()
    return name == "localhost" || name == "::1" || (isAddress(name) && name.hasPrefix("127."))
  }

  /// Compares in a time that does not depend on where two texts of one length differ.
  static func isEqual(_ one: String, _ two: String) -> Bool {
    let (one, two) = (Array(one.utf8), Array(two.utf8))
    guard one.count == two.count else { return false }
    return zip(one, two).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
