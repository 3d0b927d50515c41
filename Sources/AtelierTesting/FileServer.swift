// The server of Tests/Harness/file_server.py, started once for a run of the tests.
import Foundation
import Subprocess
import Synchronization

/// A server of one file, which ends with the test process.
package struct FileServer: Sendable {
  package let url: String

  private static let started = Mutex<FileServer?>(nil)

  /// A server of a file of six bytes.
  package static func shared() throws -> FileServer {
    try started.withLock { server in
      if let server { return server }
      let new = try start()
      server = new
      return new
    }
  }

  /// How often a path was requested.
  package func count(_ path: String) throws -> Int? {
    let count = Command(
      executable: "/usr/bin/python3",
      arguments: [
        "-c",
        "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=20).read().decode())",
        "\(url)/count\(path)",
      ])
    return Int(try capture(count, timeout: 60).text.filter { $0.isNumber })
  }

  /// A server of a file, or of the six bytes of `hello` and a line end.
  package static func start(_ file: String? = nil) throws -> FileServer {
    let port = try LoopbackPort.free()
    let command = Command(
      executable: "/usr/bin/python3",
      arguments: [TestTools.root + "/Tests/Harness/file_server.py", "\(port)"]
        + [file].compactMap { $0 })
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? command.start()
      withExtendedLifetime(process) { while true { sleep(1000) } }
    }
    for _ in 0..<1200 {
      if LoopbackPort.answers(port) { return FileServer(url: "http://127.0.0.1:\(port)") }
      usleep(50_000)
    }
    throw BrokenProperty("the file server does not answer on port \(port)")
  }
}
