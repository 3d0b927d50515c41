// Words an error of a step for people. Our own errors have words; Foundation's are dumps of a value.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

package enum ErrorText {
  /// What went wrong; for an error of the file system the file and the system's own reason.
  package static func of(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    let place = error.filePath ?? error.url?.path ?? "a file"
    guard let code = (error.underlying as? POSIXError)?.code else {
      return "\(place): error \(error.code.rawValue) of Foundation"
    }
    return "\(place): \(String(cString: strerror(code.rawValue)))"
  }
}
