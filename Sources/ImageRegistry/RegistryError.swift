// Why an image could not be pushed, said so that a person can act. No text holds a secret.
import AWS
import Content
import HTTP

/// A push that did not succeed.
package enum RegistryError: Error, Sendable, CustomStringConvertible {
  case badReference(text: String, reason: String)
  /// Stored credentials that cannot be used.
  case credentials(String)
  /// The registry wants credentials, and there are none.
  case noCredentials(host: String)
  /// The registry, or the server that it sends for tokens, refuses the credentials.
  case rejectedCredentials(host: String, source: String, reason: String)
  /// The credentials may not push to the repository.
  case denied(host: String, repository: String, reason: String)
  case noRepository(host: String, repository: String)
  /// The registry stored other bytes than were sent, or says so.
  case wrongDigest(what: String, sent: Digest, answered: String)
  /// The answer lacks what the registry API asks for.
  case badAnswer(host: String, reason: String)
  case refused(host: String, act: String, status: Int, reason: String)
  case unreachable(host: String, failure: TransportFailure)
  /// The registry knows no more of an upload that was going on.
  case lostUpload(host: String, reason: String)
  /// ECR itself refuses a call.
  case ecr(action: String, ServiceFault)

  /// Whether the command line, the configuration or the credentials are at fault.
  package var isUsage: Bool {
    switch self {
    case .badReference, .credentials, .noCredentials, .rejectedCredentials, .denied, .noRepository,
      .ecr:
      true
    case .wrongDigest, .badAnswer, .refused, .unreachable, .lostUpload: false
    }
  }

  package var description: String {
    switch self {
    case .badReference(let text, let reason):
      "'\(text)': \(reason); an image is REGISTRY/REPOSITORY:TAG, such as "
        + "123456789012.dkr.ecr.eu-west-1.amazonaws.com/atelier:1"
    case .credentials(let text): text
    case .noCredentials(let host):
      "\(host) wants a user and a password: set ATELIER_REGISTRY_USER and ATELIER_REGISTRY_PASSWORD, "
        + "or log in with docker or podman, whose file Atelier reads"
    case .rejectedCredentials(let host, let source, let reason):
      "\(host) rejects the credentials of \(source)\(Self.because(reason)); correct them, or log in again"
    case .denied(let host, let repository, let reason):
      "the credentials for \(host) may not push to \(repository)\(Self.because(reason)); ask its owner "
        + "for the right to push, or correct the repository"
    case .noRepository(let host, let repository):
      "there is no repository \(repository) at \(host); create it, or add --create"
    case .wrongDigest(let what, let sent, let answered):
      "the registry has \(answered) for \(what), sent was \(sent); nothing was tagged, push again, and if "
        + "it happens again ask the registry's operator"
    case .badAnswer(let host, let reason):
      "\(host) does not answer as a registry: \(reason); check the host in the image's name"
    case .refused(let host, let act, let status, let reason):
      "\(host) answered \(status) to \(act)\(Self.because(reason)); push again, which sends only what is "
        + "missing"
    case .unreachable(let host, let failure) where failure.kind == .tls:
      "\(host) does not speak HTTPS as it should (\(failure.description)); for a registry of this machine "
        + "without it add --http, and for one with an authority of your own set AWS_CA_BUNDLE"
    case .unreachable(let host, let failure) where failure.kind == .resolve:
      "cannot reach \(host): \(failure.description); correct the host in the image's name"
    case .unreachable(let host, let failure):
      "cannot reach \(host): \(failure.description); push again, which sends only what is missing"
    case .lostUpload(let host, let reason):
      "\(host) lost an upload (\(reason)); push again, which sends only what is missing"
    case .ecr(let action, let fault):
      "ECR refuses \(action): \(fault); check the AWS credentials and their right to ecr:\(action)"
    }
  }

  /// Why an upload must begin again in another session; nil where that would not help.
  var lostUpload: TransportFailure? {
    switch self {
    case .unreachable(_, let failure): failure
    case .lostUpload(_, let reason): TransportFailure(.reset, reason)
    default: nil
    }
  }

  private static func because(_ reason: String) -> String { reason.isEmpty ? "" : " (\(reason))" }

  /// The first words of a registry's own error, with which `{"errors": [...]}` begins.
  static func reason(_ body: [UInt8]) -> String {
    let first = (try? JSONValue(parsing: body))?["errors"]?.array?.first
    let words = [first?["code"]?.string, first?["message"]?.string].compactMap(\.self)
    return String(words.joined(separator: ": ").prefix(300).filter { !$0.isNewline })
  }

  /// The code of a registry's own error.
  static func code(_ body: [UInt8]) -> String? {
    (try? JSONValue(parsing: body))?["errors"]?.array?.first?["code"]?.string
  }
}
