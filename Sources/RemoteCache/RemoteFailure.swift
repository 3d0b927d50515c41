// What can go wrong with a shared store, said so that a person can act. It knows no protocol.

/// Why a shared store did not do what was asked, in words for people.
package struct RemoteFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No other request would fare better now: no answer, an outage, no right to read.
    case unreachable
    /// The settings name something that is not there: nothing heals by waiting.
    case unusable
    /// The blob is not there.
    case missing
    /// Bytes came that are not those of the digest; nothing was kept.
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
