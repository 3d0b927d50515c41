// Credentials that a container's surroundings hand out over HTTP: ECS, EKS pod identity, CodeBuild.
import HTTP
import Signing

/// Asks the address that the environment names.
struct ContainerCredentials: CredentialSource {
  /// Where ECS listens; a relative address begins here.
  private static let home = ServiceURL(scheme: "http", host: "169.254.170.2")
  /// Where else plain HTTP stays on the machine: EKS.
  private static let neighbours = [
    "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]",
  ]

  private let base: ServiceURL
  private let query: [QueryItem]
  private let token: String?
  private let tokenFile: String?
  private let exchange: UnsignedExchange

  /// Nil where the environment names no address; throws for one that credentials must not come from.
  init?(environment: [String: String], exchange: UnsignedExchange) throws(CredentialError) {
    let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    let address: String
    let variable: String
    if let path = environment[relative] {
      address = "\(Self.home)\(path.hasPrefix("/") ? "" : "/")\(path)"
      variable = relative
    } else if let url = environment[full] {
      address = url
      variable = full
    } else {
      return nil
    }
    let parts = address.split(separator: "?", maxSplits: 1).map(String.init)
    guard let url = parts.first.flatMap({ ServiceURL($0) }) else {
      throw .badSetting(
        name: variable, place: "the environment", expected: "URL such as http://127.0.0.1:7000/c")
    }
    guard url.scheme == "https" || Self.neighbours.contains(url.host) || url.isLoopback else {
      throw .badSetting(
        name: variable, place: "the environment",
        expected: "address that is https or of this machine, of ECS or of EKS")
    }
    base = url
    query = (parts.count > 1 ? parts[1].split(separator: "&") : []).map { item in
      let pair = item.split(separator: "=", maxSplits: 1).map(String.init)
      func decoded(_ text: String) -> String { PercentEncoding.decodeForm(text) ?? text }
      return QueryItem(decoded(pair[0]), pair.count > 1 ? decoded(pair[1]) : "")
    }
    token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    tokenFile = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    self.exchange = exchange
  }

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    // The file is renewed, so it is read each time.
    let secret = try tokenFile.map(SecretFile.line) ?? token
    let request = HTTPRequest(
      "GET", base, path: base.path.isEmpty ? "/" : "", query: query,
      fields: [HTTPField("Accept", "application/json")]
        + (secret.map { [HTTPField("Authorization", $0)] } ?? []))
    let place = "the container's credentials at \(base)"
    do {
      let bytes = try exchange.send(request, isCancelled: isCancelled)
      guard let credentials = MetadataDocument.credentials(bytes) else {
        throw CredentialError.metadata(place: place, reason: "the answer lacks some of them")
      }
      return credentials
    } catch let failure as TransportFailure where failure.kind != .cancelled {
      throw CredentialError.metadata(place: place, reason: "\(failure)")
    } catch let fault as ServiceFault {
      throw CredentialError.metadata(place: place, reason: "\(fault)")
    }
  }
}

extension ServiceURL {
  /// Whether it is an address of this machine.
  var isLoopback: Bool {
    host.hasPrefix("127.") && host.split(separator: ".").count == 4
      && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
  }
}
