// Credentials of the role of an EC2 instance, from its metadata service (IMDSv2 alone).
import HTTP
import Signing

/// Asks the machine's metadata service: a token first, then the role's name, then its credentials.
struct InstanceCredentials: CredentialSource {
  private static let path = "/latest/meta-data/iam/security-credentials/"

  private let base: ServiceURL
  /// What to say where there is no such service, or no role.
  private let otherwise: CredentialError
  private let exchange: UnsignedExchange

  /// Nil where the environment forbids to ask.
  init?(
    environment: [String: String], otherwise: CredentialError, exchange: UnsignedExchange
  ) throws(CredentialError) {
    if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" { return nil }
    let variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    let isIPv6 = environment["\(variable)_MODE"]?.lowercased() == "ipv6"
    let standard = isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    guard let url = ServiceURL(environment[variable] ?? standard) else {
      throw .badSetting(
        name: variable, place: "the environment", expected: "URL such as \(standard)")
    }
    base = url
    self.otherwise = otherwise
    self.exchange = exchange
  }

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    let place = "the metadata service at \(base)"
    func ask(_ request: HTTPRequest) throws -> String {
      String(decoding: try exchange.send(request, isCancelled: isCancelled), as: UTF8.self)
    }
    var role = ""
    do {
      let token = try ask(
        HTTPRequest(
          "PUT", base, path: "/latest/api/token",
          fields: [HTTPField("X-aws-ec2-metadata-token-ttl-seconds", "21600")]))
      let fields = [HTTPField("X-aws-ec2-metadata-token", token)]
      let roles = try ask(HTTPRequest("GET", base, path: Self.path, fields: fields))
      guard let name = roles.split(whereSeparator: \.isNewline).first else { throw otherwise }
      role = String(name)
      let path = Self.path + PercentEncoding.encode(role)
      let document = try ask(HTTPRequest("GET", base, path: path, fields: fields))
      guard let credentials = MetadataDocument.credentials(Array(document.utf8)) else {
        throw CredentialError.metadata(
          place: place, reason: "the answer for the role \(role) lacks some of them")
      }
      return credentials
    } catch let failure as TransportFailure where failure.kind != .cancelled {
      throw otherwise
    } catch let fault as ServiceFault {
      // The machine has no role, or something else answers at this address.
      if role.isEmpty { throw otherwise }
      throw CredentialError.metadata(place: place, reason: "\(fault)")
    }
  }
}
