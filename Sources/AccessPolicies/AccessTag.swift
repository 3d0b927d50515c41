// The attributes that access is decided by.

/// A tag that people and resources carry, and that has to agree.
package enum AccessTag: String, CaseIterable, Sendable {
  case project = "sagemaker:project-name"
  case costCenter = "CostCenter"
  /// Of a person and of their user profile in Studio.
  case mail

  /// The value of the one who asks, as a variable of policies.
  var own: String { "${aws:PrincipalTag/\(rawValue)}" }
  /// The context's key of the tag of what is asked on.
  var ofResource: String { "aws:ResourceTag/\(rawValue)" }
  /// The context's key of the tag that a request sets.
  var ofRequest: String { "aws:RequestTag/\(rawValue)" }
  /// The context's key of the tag of the one who asks.
  package var ofPrincipal: String { "aws:PrincipalTag/\(rawValue)" }
}
