// A file that is written block by block. It knows nothing of what is in it.
import AtelierStep

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A new file; every failure to write is thrown, at the latest by `close`.
package final class TextFile {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?

  package init(_ path: String) throws {
    self.path = path
    file = fopen(path, "wb")
    guard file != nil else { throw failure }
  }

  deinit { if let file { fclose(file) } }

  private var failure: StepFailure {
    StepFailure("cannot write \(path): \(String(cString: strerror(errno)))")
  }

  package func write(_ bytes: [UInt8]) throws {
    guard let file, fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failure }
  }

  package func close() throws {
    guard let open = file else { return }
    file = nil
    guard fclose(open) == 0 else { throw failure }
  }
}
