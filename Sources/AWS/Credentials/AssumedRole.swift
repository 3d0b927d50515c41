// Temporary credentials of a role, from STS.
import HTTP
import Signing
import Tagging

/// Assumes a role with other credentials.
struct AssumedRole: CredentialSource {
  let profile: String
  let role: String
  let sessionName: String
  let externalID: String?
  let seconds: Int
  /// Tags of the session, by which policies tell who acts.
  let tags: ResourceTags
  /// STS, signed with the credentials that may assume the role.
  let service: ServiceClient

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    var service = service
    service.isCancelled = isCancelled
    var parameters = [
      QueryItem("RoleArn", role), QueryItem("RoleSessionName", sessionName),
      QueryItem("DurationSeconds", String(seconds)),
    ]
    for (index, tag) in tags.sorted.enumerated() {
      parameters.append(QueryItem("Tags.member.\(index + 1).Key", tag.key))
      parameters.append(QueryItem("Tags.member.\(index + 1).Value", tag.value))
    }
    if let externalID { parameters.append(QueryItem("ExternalId", externalID)) }
    let answer: XMLTree
    do {
      answer = try service.query("AssumeRole", version: "2011-06-15", parameters)
    } catch let error as CredentialError {
      throw error
    } catch let failure as TransportFailure {
      // The network is at fault, not the credentials.
      throw failure
    } catch {
      throw CredentialError.assumeRole(
        profile: profile, role: role, reason: "\(error) at \(service.base)")
    }
    guard let credentials = Credentials(ofRole: answer) else {
      throw CredentialError.assumeRole(
        profile: profile, role: role, reason: "\(service.base) gave an answer without credentials")
    }
    return credentials
  }
}
