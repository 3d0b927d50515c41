// Which requests a page answers: its own, with the secret, and no other.
import MicroHTTP
import Testing

@testable import BrowseVerbs

@Suite struct PageAccessTests {
  private let own = Access(listening: "127.0.0.1", port: 8090, names: [])
  private let remote = Access(listening: "0.0.0.0", port: 8090, names: ["Box"])

  private func request(
    _ path: String, host: String = "127.0.0.1:8090", token: String? = nil, cookie: String? = nil,
    _ fields: [String: String] = [:], method: String = "GET"
  ) -> WebRequest {
    var all = fields
    all["Host"] = host
    all["Cookie"] = cookie.map { "other=1; atelier=\($0); more=2" }
    return WebRequest(
      method: method, path: path, arguments: token.map { ["token": $0] } ?? [:], fields: all)
  }

  @Test func theTokenOpensThePageAndTheCookieItsPaths() {
    #expect(own.verdict(request("/", token: own.token)) == .enter)
    let path = own.root + "api/runs"
    #expect(own.verdict(request(path, cookie: own.session)) == .allow(path: "api/runs"))
    #expect(
      own.verdict(request(path, cookie: own.session, method: "HEAD")) == .allow(path: "api/runs"))
    #expect(own.verdict(request(own.root, cookie: own.session)) == .allow(path: ""))
    #expect(own.verdict(request(path, cookie: own.session, method: "POST")) == .refuseMethod)
    #expect(own.verdict(request("/", token: own.token, method: "PUT")) == .refuseMethod)
  }

  @Test func aWrongSecretIsRefused() {
    let off = String(own.token.dropLast()) + (own.token.hasSuffix("0") ? "1" : "0")
    for token in [nil, "", "x", off, own.token + "0", own.session, own.token.uppercased() + "G"] {
      #expect(own.verdict(request("/", token: token)) == .refuse, "\(token ?? "none")")
    }
    for cookie in [nil, "", own.token, own.session + "0"] {
      #expect(own.verdict(request(own.root, cookie: cookie)) == .refuse, "\(cookie ?? "none")")
    }
    // The secret of the page is no key to the door, nor the token to the page.
    #expect(own.verdict(request("/", cookie: own.session)) == .refuse)
    #expect(own.verdict(request("/api/runs", token: own.token, cookie: own.session)) == .refuse)
    #expect(own.verdict(request("/favicon.ico", cookie: own.session)) == .refuse)
    #expect(own.verdict(request("/", method: "POST")) == .refuse)
  }

  @Test func aForeignHostIsRefused() {
    for host in ["127.0.0.1:8090", "localhost:8090", "LOCALHOST:8090", "[::1]:8090"] {
      #expect(own.verdict(request("/", host: host, token: own.token)) == .enter, "\(host)")
    }
    for host in [
      "evil.example:8090", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example:8090", "",
      "10.0.0.7:8090", "127.0.0.1.evil.example:8090", "127.0.0.1:8090:8090", "box:8090",
    ] {
      #expect(own.verdict(request("/", host: host, token: own.token)) == .refuse, "\(host)")
    }
    for host in ["10.0.0.7:8090", "box:8090", "[fe80::1]:8090", "127.0.0.1:8090"] {
      #expect(remote.verdict(request("/", host: host, token: remote.token)) == .enter, "\(host)")
    }
    for host in [
      "evil.example:8090", "10.0.0.7.evil.example:8090", "10.0.0.256:8090", "fe80::1:8090",
    ] {
      #expect(remote.verdict(request("/", host: host, token: remote.token)) == .refuse, "\(host)")
    }
  }

  @Test func aForeignPageIsRefused() {
    let path = own.root + "events"
    func verdict(_ fields: [String: String]) -> Access.Verdict {
      own.verdict(request(path, cookie: own.session, fields))
    }
    #expect(verdict(["Origin": "http://127.0.0.1:8090"]) == .allow(path: "events"))
    for origin in [
      "http://evil.example", "null", "https://127.0.0.1:8090", "http://localhost:8090", "",
    ] {
      #expect(verdict(["Origin": origin]) == .refuse, "\(origin)")
    }
    #expect(verdict(["Sec-Fetch-Site": "same-origin"]) == .allow(path: "events"))
    #expect(verdict(["Sec-Fetch-Site": "cross-site"]) == .refuse)
    #expect(verdict(["Sec-Fetch-Site": "same-site"]) == .refuse)
    // A link elsewhere may lead here.
    let entry = request("/", token: own.token, ["Sec-Fetch-Site": "cross-site"])
    #expect(own.verdict(entry) == .enter)
  }

  @Test func secretsAreLongAndNeverTheSame() {
    let other = Access(listening: "127.0.0.1", port: 8090, names: [])
    let all = [own.token, own.session, own.root, other.token, other.session, other.root]
    #expect(Set(all).count == all.count)
    #expect([own.token, own.session].allSatisfy { $0.count == 40 && $0.allSatisfy(\.isHexDigit) })
    #expect(own.root.count == 42)
  }

  @Test func onlyAddressesOfThisMachineAreLoopback() {
    for address in ["127.0.0.1", "127.1.2.3", "localhost", "::1"] {
      #expect(Access.isLoopback(address), "\(address)")
    }
    for address in ["0.0.0.0", "::", "10.0.0.1", "127.evil.example", "127.0.0.1.evil", "box", ""] {
      #expect(!Access.isLoopback(address), "\(address)")
    }
  }
}
