// What a user can do about a refusal.

extension ServiceFault {
  /// What to do, behind a semicolon; empty where there is nothing to say.
  package var advice: String {
    switch code {
    case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
      "; ask for the right to do so, or use other credentials ([AWS] profile, AWS_PROFILE)"
    case "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
      "InvalidAccessKeyId", "AuthFailure":
      "; correct the credentials (AWS_ACCESS_KEY_ID and its secret, or the profile)"
    default: ""
    }
  }

  /// Whether the request or the credentials are the user's to correct.
  package var isOfUser: Bool {
    ["ValidationError", "ValidationException", "InvalidDefinition", "InvalidArn"].contains(code)
      || [401, 403].contains(status)
  }
}
