// The server of Tests/Platform/sandbox.py, started once for a run of the tests.
import AtelierTesting
import Content
import Foundation
import HTTP
import Subprocess
import Synchronization

/// A sandbox of Adobe's platform, which ends with the test process.
package struct PlatformSandbox: Sendable {
  package let url: String
  package let folder: String

  /// Whether the stand-ins are installed, the sandbox's libraries among them.
  package static let isInstalled: Bool = {
    guard StandIns.isInstalled else { return false }
    let packages = StandIns.venv + "/lib"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: packages)) ?? []
    return names.contains {
      FileManager.default.fileExists(atPath: "\(packages)/\($0)/site-packages/openapi_core")
    }
  }()

  /// Why tests against it are skipped.
  package static let absence = StandIns.absence

  /// Whether Adobe's descriptions lie beside the checkout, so that calls are checked.
  package static let hasDescriptions = FileManager.default.fileExists(
    atPath: TestTools.root + "/../shared/aep-openapi")

  private static let started = Mutex<PlatformSandbox?>(nil)

  /// The one that all tests share; each works in a space of its own.
  package static func shared() throws -> PlatformSandbox {
    try started.withLock { sandbox in
      if let sandbox { return sandbox }
      let new = try PlatformSandbox()
      sandbox = new
      return new
    }
  }

  /// Starts a server; `variables` are for what stands beside it.
  package init(variables: [String: String] = [:]) throws {
    let port = try LoopbackPort.free()
    url = "http://127.0.0.1:\(port)"
    folder = NSTemporaryDirectory() + "atelier-platform-\(getpid())-\(port)"
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let command = Command(
      executable: StandIns.python,
      arguments: [TestTools.root + "/Tests/Platform/sandbox.py", "\(port)", folder],
      environment: environment)
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? command.start()
      withExtendedLifetime(process) { while true { sleep(1000) } }
    }
    for _ in 0..<2400 {
      if LoopbackPort.answers(port) { return }
      usleep(50_000)
    }
    throw BrokenProperty("the platform's sandbox does not answer on port \(port)")
  }

  /// A fresh space of its own name.
  package func space() throws -> PlatformSpace {
    let name = "t\(UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(12))"
    let made = try control("POST", "space", space: name, [:])
    func text(_ member: String) throws -> String {
      guard let text = made[member]?.string else { throw BrokenProperty("no \(member) in \(made)") }
      return text
    }
    return PlatformSpace(
      sandbox: self, name: name, organization: try text("organization"),
      client: try text("client"), secret: try text("secret"), folder: try text("folder"))
  }

  /// A call to the control path; see `sandbox.py`.
  @discardableResult
  package func control(
    _ method: String, _ call: String, space: String, _ body: JSONValue? = nil
  ) throws -> JSONValue {
    guard let base = ServiceURL(url) else { throw BrokenProperty("\(url) is no URL") }
    let sink = MemorySink(limit: 1 << 26)
    let answer = try CurlTransport().perform(
      HTTPRequest(
        method, base, path: "/_sandbox/\(call)", query: [QueryItem("space", space)],
        body: try body.map { .bytes(try $0.canonicalBytes()) } ?? .none),
      sink: sink, isCancelled: { false })
    guard answer.head.succeeded else {
      throw BrokenProperty(
        "/_sandbox/\(call): \(String(decoding: answer.errorBody, as: UTF8.self))")
    }
    return try JSONValue(parsing: sink.bytes)
  }
}
