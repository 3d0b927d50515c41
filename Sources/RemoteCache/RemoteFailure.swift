// What can go wrong with a shared store, said so that a person can act. It knows no protocol.

/// Why a shared store did not do what was asked, in words for people.
package struct RemoteFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No other request would fare better now: no answer, an outage.
    case unreachable
    /// The settings name something that is not there: nothing heals by waiting.
    case unusable
    /// There are no credentials to send a request with.
    case credentials
    /// No right to do this, or the quota is used up: no other request of its kind would fare better.
    case denied
    /// The blob is not there.
    case missing
    /// Bytes came that are not those of the digest or make no sense; nothing was kept.
    case damaged
    /// Somebody else wrote there first.
    case taken
    case cancelled
    /// One request was refused; others may succeed.
    case refused
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
