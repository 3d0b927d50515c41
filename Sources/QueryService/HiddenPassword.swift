// The name under which this module takes a secret.
import Signing

/// The token, which is never shown.
package typealias HiddenPassword = HiddenText
