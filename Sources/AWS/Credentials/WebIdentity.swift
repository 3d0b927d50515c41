// Temporary credentials of a role for the token of another authority, as clusters and CI hand it out.
import CSystem
import HTTP
import Signing

/// Assumes a role with a token out of a file, which is read for each fetch, for it is renewed there.
struct WebIdentity: CredentialSource {
  /// Where role and token were named, for messages.
  let place: String
  let role: String
  let sessionName: String
  let tokenFile: String
  /// STS.
  let base: ServiceURL
  let exchange: UnsignedExchange

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    let form = [
      QueryItem("Action", "AssumeRoleWithWebIdentity"), QueryItem("Version", "2011-06-15"),
      QueryItem("RoleArn", role), QueryItem("RoleSessionName", sessionName),
      QueryItem("WebIdentityToken", try SecretFile.line(tokenFile)),
    ]
    let request = HTTPRequest(
      "POST", base,
      fields: [HTTPField("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      body: .bytes(Array(PercentEncoding.encode(form).utf8)))
    do {
      let root = try XMLTree(parsing: exchange.send(request, isCancelled: isCancelled))
      let answer = root.first("AssumeRoleWithWebIdentityResult") ?? root
      guard let credentials = Credentials(ofRole: answer) else {
        throw failure("\(base) gave an answer without credentials")
      }
      return credentials
    } catch let failure as TransportFailure where failure.kind == .cancelled {
      throw failure
    } catch let error as CredentialError {
      throw error
    } catch {
      throw failure("\(error) at \(base)")
    }
  }

  private func failure(_ reason: String) -> CredentialError {
    .webIdentity(place: place, role: role, reason: reason)
  }
}

extension Credentials {
  /// Reads what STS gives for a role; nil where it is incomplete.
  init?(ofRole answer: XMLTree) {
    guard let found = answer.first("Credentials"), let key = found.text(of: "AccessKeyId"),
      let secret = found.text(of: "SecretAccessKey"), let token = found.text(of: "SessionToken"),
      let expiration = found.text(of: "Expiration").flatMap({ UnixTime(iso8601: $0) })
    else { return nil }
    self.init(
      accessKeyID: key, secretKey: HiddenText(secret), sessionToken: HiddenText(token),
      expiration: expiration)
  }
}

/// Files that hold one secret.
enum SecretFile {
  /// The only line of a file, without space around it.
  static func line(_ path: String) throws(CredentialError) -> String {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      throw .file(path: path, line: nil, reason: "cannot read it: \(String(cString: cs_error()))")
    }
    defer { cs_close(descriptor) }
    guard let bytes = SmallFile.read(descriptor, limit: 1 << 16),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .file(path: path, line: nil, reason: "it is too large, or no text") }
    var line = text[...]
    while let last = line.last, last.isWhitespace { line.removeLast() }
    line = line.drop(while: \.isWhitespace)
    guard !line.isEmpty, !line.contains(where: \.isNewline) else {
      throw .file(path: path, line: nil, reason: "expected one line with a token")
    }
    return String(line)
  }
}
