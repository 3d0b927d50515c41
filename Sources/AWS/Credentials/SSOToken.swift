// The token of a login to IAM Identity Center, in the file that `aws sso login` writes and renews.
import CSystem
import Content
import HTTP
import Signing

/// A login, with what renews it where the file has that.
struct SSOToken: Sendable {
  /// What a token is renewed with.
  struct Renewal: Sendable {
    let clientID: String
    let clientSecret: HiddenText
    let refreshToken: HiddenText
  }

  let access: HiddenText
  let expiration: UnixTime
  let renewal: Renewal?
  /// The document as it is in the file.
  let document: [String: JSONValue]

  /// Reads the document; nil where it has no token.
  ///
  /// `now` says whether its client is still registered.
  init?(_ value: JSONValue, now: UnixTime) {
    guard let document = value.object, let access = document["accessToken"]?.string,
      !access.isEmpty, let end = document["expiresAt"]?.string.flatMap(Self.time)
    else { return nil }
    self.access = HiddenText(access)
    expiration = end
    self.document = document
    let registered = document["registrationExpiresAt"]?.string.flatMap(Self.time)
    if let id = document["clientId"]?.string, let secret = document["clientSecret"]?.string,
      let refresh = document["refreshToken"]?.string, let registered, registered > now
    {
      renewal = Renewal(
        clientID: id, clientSecret: HiddenText(secret), refreshToken: HiddenText(refresh))
    } else {
      renewal = nil
    }
  }

  /// The document with the answer of a renewal in it.
  func renewed(by answer: JSONValue, now: UnixTime) -> SSOToken? {
    guard let access = answer["accessToken"]?.string, let seconds = answer["expiresIn"]?.integer,
      (0...31_536_000).contains(seconds)
    else { return nil }
    var document = document
    document["accessToken"] = .string(access)
    document["expiresAt"] = .string((now + seconds).iso8601)
    if let refresh = answer["refreshToken"]?.string { document["refreshToken"] = .string(refresh) }
    return SSOToken(.object(document), now: now)
  }

  /// `2025-06-15T16:06:40Z`; older files end in `UTC`.
  private static func time(_ text: String) -> UnixTime? {
    UnixTime(iso8601: text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
  }
}

/// The file of a login.
struct SSOTokenFile: Sendable {
  let path: String

  /// The file of the login of a session by its name, or of a start URL in profiles of the older
  /// form.
  init(login: String, home: String) throws {
    let name = try MessageDigests.sha1(Array(login.utf8))
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    path = "\(home)/.aws/sso/cache/\(name).json"
  }

  /// The token in the file; nil where there is no such file, or it holds none.
  func read(now: UnixTime) throws(CredentialError) -> SSOToken? {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      // ENOENT and ENOTDIR: nobody has logged in.
      if [2, 20].contains(cs_errno()) { return nil }
      throw .file(path: path, line: nil, reason: "cannot read it: \(String(cString: cs_error()))")
    }
    defer { cs_close(descriptor) }
    guard let bytes = SmallFile.read(descriptor, limit: 1 << 20) else {
      throw .file(path: path, line: nil, reason: "it cannot be read, or is larger than 1 MiB")
    }
    return (try? JSONValue(parsing: bytes)).flatMap { SSOToken($0, now: now) }
  }

  /// Replaces the file, which only its owner can read; false where it cannot be written.
  func write(_ token: SSOToken) -> Bool {
    guard let bytes = try? JSONValue.object(token.document).canonicalBytes() else { return false }
    let draft = "\(path).atelier-\(UInt64.random(in: .min ... .max))"
    let descriptor = cs_open_write(draft, 1, 0o600)
    guard descriptor >= 0 else { return false }
    let isWritten = cs_write_all(descriptor, bytes, bytes.count) == 0 && cs_fsync(descriptor) == 0
    cs_close(descriptor)
    guard isWritten, cs_rename(draft, path) == 0 else {
      _ = cs_unlink(draft)
      return false
    }
    return true
  }
}
