// The address of a download as a user types it: what is refused in it, and what is shown of it.
import AtelierStep
import HTTP

/// An http or https address whose query is kept apart.
public struct DownloadAddress: Sendable, Hashable {
  let address: WebAddress

  /// Whether a text names something on the web: it begins with a scheme other than `s3`.
  public static func isMeant(by text: String) -> Bool {
    WebAddress.scheme(of: text).map { $0 != "s3" } ?? false
  }

  /// Parses an address; throws a `StepFailure` that shows neither user nor query.
  public init(_ text: String) throws {
    do throws(WebAddress.Problem) {
      address = try WebAddress(text)
    } catch {
      throw StepFailure(Self.sentence(error))
    }
  }

  /// Scheme, host and path.
  public var shown: String { "\(address)" }
  /// What follows the question mark.
  public var query: String? { address.query }

  private static func sentence(_ problem: WebAddress.Problem) -> String {
    switch problem {
    case .noScheme: "a URL begins with http:// or https://"
    case .otherScheme(let scheme):
      "'\(scheme)://' is not supported; give http://, https:// or s3://, or the path of a file"
    case .user:
      "a URL must hold no user and no password, which would be kept with the result; get the file "
        + "yourself and give its path, or use a signed URL"
    case .noHost: "the URL names no host, or its port is not a number from 0 to 65535"
    case .notEncoded:
      "the URL has a space or another character that URLs do not have; write it as % and two "
        + "hexadecimal digits, a space as %20"
    }
  }
}
