// A simple index of self-made wheels on 127.0.0.1. It knows no test.
import AtelierTesting
import Dispatch
import EndToEndHarness
import Foundation
import Subprocess
import Testing

/// A server of the wheels that wheels.py makes; it ends with the value.
final class WheelIndex {
  /// The address of the index.
  let address: String
  private let folder: TemporaryFolder
  private let over = DispatchSemaphore(value: 0)
  private let digests: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    let python = "/usr/bin/python3"
    let script = "\(TestTools.root)/Tests/EndToEndTests/Authoring/wheels.py"
    let made = try capture(Command(executable: python, arguments: [script, "make", folder.path]))
    try #require(made.exit.succeeded, "\(made.errorText)")
    var digests: [String: String] = [:]
    for line in made.text.split(separator: "\n") {
      let parts = line.split(separator: " ").map(String.init)
      if parts.count == 2 { digests[parts[0]] = parts[1] }
    }
    self.digests = digests
    let port = try LoopbackPort.free()
    let server = Command(
      executable: python,
      arguments: [script, "serve", folder.path, "\(port)"])
    address = "http://127.0.0.1:\(port)/simple"
    // The server dies with the thread that started it.
    Thread.detachNewThread { [over] in
      let process = try? server.start()
      over.wait()
      process?.kill()
      _ = process?.wait()
    }
    for _ in 0..<1200 {
      if LoopbackPort.answers(port) { return }
      usleep(50_000)
    }
    throw ProgramError("the index of wheels does not answer on port \(port)")
  }

  deinit { over.signal() }

  /// The lock of one wheel.
  func lock(_ name: String) throws -> String {
    "\(name)==1.0 --hash=sha256:\(try #require(digests[name]))\n"
  }
}
