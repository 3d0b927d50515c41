// The name of this machine, for records and messages.
import CSystem

package enum HostName {
  package static var own: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard cs_host_name(&buffer, 255) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
