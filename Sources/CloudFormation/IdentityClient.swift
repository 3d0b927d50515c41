// STS and Secrets Manager: who the credentials are, and secrets that are fetched and never shown.
import AWS
import Signing

/// Whom credentials belong to.
package struct CallerIdentity: Sendable, Hashable {
  package var account: String
  package var arn: String
}

extension ServiceClient {
  /// Asks STS whose credentials these are.
  package func callerIdentity() throws -> CallerIdentity {
    let answer = try query("GetCallerIdentity", version: "2011-06-15")
    guard let account = answer.text(of: "Account"), let arn = answer.text(of: "Arn") else {
      throw IncompleteAnswer(lacks: "account and ARN")
    }
    return CallerIdentity(account: account, arn: arn)
  }

  /// Fetches a secret's text from Secrets Manager.
  package func secret(_ id: String) throws -> HiddenText {
    let answer = try json("secretsmanager.GetSecretValue", ["SecretId": .string(id)])
    guard let text = answer["SecretString"]?.string else {
      throw IncompleteAnswer(lacks: "text of the secret")
    }
    return HiddenText(text)
  }
}
