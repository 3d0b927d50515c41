// The worker's side: one process, one step, confined to what was declared.
// It never reads config.ini, never wires a workshop and knows no store.
import AtelierStep
import CSystem
import Content
import Subprocess

/// Runs the step that a request on standard input describes.
package struct Worker {
  private let catalogue: StepCatalogue
  private let answers: Int32

  /// Answers go to `answers`, an open file descriptor.
  package init(catalogue: StepCatalogue, answers: Int32) {
    self.catalogue = catalogue
    self.answers = answers
  }

  /// Reads one request from a descriptor and runs its step.
  ///
  /// Returns the process's exit code.
  package func serve(requests: Int32) -> Int32 {
    var confined = false
    do {
      var request = try WorkerRequest(line: try readLine(requests))
      let document = try KeyDocument(json: request.document)
      guard let type = try catalogue.type(family: document.family, step: document.step) else {
        throw StepFailure("this build has no step \(document.family).\(document.step)")
      }
      try say(.hello(family: type.code.family, code: type.code.digest))
      guard type.code.digest == request.code else {
        throw StepFailure(
          "the worker's code of \(document.family) is not the runner's; was atelier rebuilt?")
      }
      confined = try confine(&request)
      try run(type, document, request)
      try say(.done(confined: confined))
      return 0
    } catch {
      try? say(.failed(ErrorText.of(error), confined: confined))
      return 1
    }
  }

  private func run(
    _ type: any Step.Type, _ document: KeyDocument, _ request: WorkerRequest
  ) throws {
    let answers = self.answers
    let context = StepContext(
      directory: request.directory, inputs: request.inputs, outputs: request.outputs,
      programs: request.programs, sql: document.sql,
      report: { message in
        switch message {
        case .log(let line): Self.write(Array((line + "\n").utf8), to: 2)
        case .progress(let fraction):
          if let line = try? WorkerMessage.progress(fraction).line() {
            Self.write(line, to: answers)
          }
        }
      })
    try StepInvocation.run(type, document, unkeyed: request.unkeyed, context)
  }

  private func confine(_ request: inout WorkerRequest) throws -> Bool {
    cs_set_umask(0o022)
    // Where the kernel lets this user, inputs cannot be changed at all; elsewhere their modes protect
    // them, and the runner looks at them afterwards.
    let isProtected = FolderMounts.protect(request.directory + "/inputs", request.mounts)
    guard isProtected || request.mounts.isEmpty else {
      throw StepFailure(
        "the trees of its inputs cannot be mounted (\(String(cString: cs_error()))); run it again")
    }
    if isProtected, FolderMounts.show(request.directory) {
      request = request.named(FolderMounts.stepFolder)
    }
    // Inputs are read-only for root, too.
    guard cs_drop_capabilities() == 0 else {
      throw SandboxError.refused(path: nil, reason: String(cString: cs_error()))
    }
    try NetworkFilter.enforce(allowsNetwork: request.access.network)
    guard Sandbox.isAvailable else { return false }
    try Sandbox(
      read: request.access.read, execute: request.access.execute, list: request.access.list,
      write: [request.directory]
    ).enforce()
    return true
  }

  private func say(_ message: WorkerMessage) throws { Self.write(try message.line(), to: answers) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    // The runner may be gone; then this process is about to be ended, too.
    _ = bytes.withUnsafeBytes { cs_write_all(descriptor, $0.baseAddress, $0.count) }
  }

  private func readLine(_ descriptor: Int32) throws -> [UInt8] {
    var line: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      guard count > 0 else { break }
      line += block[0..<count]
      if line.last == 0x0A { return line.dropLast() }
    }
    return line
  }
}
