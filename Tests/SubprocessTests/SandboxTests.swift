// Confinement: only what was declared, for the program and all its children.
import AtelierTesting
import Foundation
import Subprocess
import Testing

@Suite(.enabled(if: Sandbox.isAvailable, "this kernel has no Landlock"))
struct SandboxTests {
  /// A folder with `in/declared`, `secret` and `out/`.
  private func withSpace(_ body: (String) throws -> Void) throws {
    try withFolder { folder in
      for name in ["in", "out"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      }
      try write("open", to: folder + "/in/declared")
      try write("hidden", to: folder + "/secret")
      try body(folder)
    }
  }

  private func sandbox(_ folder: String) -> Sandbox {
    Sandbox(read: [folder + "/in"], execute: Self.system, write: [folder + "/out"])
  }

  /// Programs of the system and their libraries, which a sandbox does not have by itself.
  private static let system = ["/usr", "/bin", "/lib", "/lib64"].filter {
    FileManager.default.fileExists(atPath: $0)
  }

  @Test(arguments: [true, false])
  func onlyDeclaredReads(supervised: Bool) throws {
    try withSpace { folder in
      let script = """
        cat \(folder)/in/declared; cat \(folder)/secret && exit 9
        cat /proc/self/root\(folder)/secret && exit 9
        ls \(folder) && exit 9
        cat /etc/passwd && exit 9; ls /root /home /tmp && exit 9; exit 0
        """
      let result = try capture(
        shell(script, supervised: supervised, sandbox: sandbox(folder)))
      #expect(result.text == "open")
      #expect(result.exit.status == .exited(0))
      #expect(result.errorText.contains("\(folder)/secret: Permission denied"))
    }
  }

  @Test func onlyDeclaredWrites() throws {
    try withSpace { folder in
      let script = """
        cd \(folder)/out && mkdir a && echo 1 > a/f && mv a/f g && ln g h && rm h && : > g || exit 8
        echo 1 > \(folder)/new && exit 9; echo > \(folder)/in/declared && exit 9
        rm \(folder)/in/declared && exit 9; mv \(folder)/in/declared g && exit 9
        truncate -s 0 \(folder)/secret && exit 9; ln \(folder)/in/declared k && exit 9
        echo 1 > /tmp/\(marker()) && exit 9; echo 1 > /dev/null; exit 0
        """
      let result = try capture(shell(script, sandbox: sandbox(folder)))
      #expect(result.exit.status == .exited(0), "\(result.errorText)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder + "/out").sorted() == ["a", "g"])
      #expect(try String(contentsOfFile: folder + "/in/declared", encoding: .utf8) == "open")
      #expect(try String(contentsOfFile: folder + "/secret", encoding: .utf8) == "hidden")
    }
  }

  @Test func onlyDeclaredProgramsAreStarted() throws {
    try withSpace { folder in
      let tool = folder + "/in/tool"
      try TestFiles.writeProgram(Array("#!/bin/sh\necho ran\n".utf8), to: tool)
      let refused = Command(
        executable: tool, sandbox: Sandbox(read: [folder + "/in"], execute: Self.system))
      #expect(throws: SubprocessError.notExecutable(tool)) { try refused.run() }
      let allowed = Command(executable: tool, sandbox: Sandbox(execute: Self.system + [tool]))
      #expect(try capture(allowed).text == "ran\n")
    }
  }

  @Test func aDeclaredFileIsAllowedAlone() throws {
    try withSpace { folder in
      let sandbox = Sandbox(
        read: [folder + "/secret"], execute: Self.system, write: [folder + "/in/declared"])
      let script =
        "cat \(folder)/secret; echo new > \(folder)/in/declared; ls \(folder)/in && exit 9"
      let result = try capture(shell(script + "; exit 0", sandbox: sandbox))
      #expect(result.text == "hidden")
      #expect(result.exit.status == .exited(0))
      #expect(try String(contentsOfFile: folder + "/in/declared", encoding: .utf8) == "new\n")
    }
  }

  @Test func inputStaysReadableByName() throws {
    let command = shell("cat /dev/stdin", sandbox: Sandbox(execute: Self.system))
    #expect(try capture(command, input: .bytes(Array("abc".utf8))).text == "abc")
  }

  @Test func commonProgramsStart() throws {
    try withSpace { folder in
      let programs = [
        "sort --version", "awk 'BEGIN{print 1}'", "date", "nproc", "free", "mktemp -p .",
      ]
      for program in programs {
        let command = shell("cd \(folder)/out && \(program)", sandbox: sandbox(folder))
        let result = try capture(command)
        #expect(result.exit.status == .exited(0), "\(program): \(result.errorText)")
      }
    }
  }

  @Test func enforcingConfinesTheProcessAndItsChildren() throws {
    try withSpace { folder in
      func code(_ declared: String, _ script: String) throws -> Exit.Status {
        try probe(
          "confine", declared, "x:/usr", "x:/bin", "x:/lib", "x:/lib64", "--", "/bin/sh", "-c",
          "sh -c '\(script)'"
        ).run().status
      }
      #expect(try code("r:\(folder)/in", "cat \(folder)/in/declared") == .exited(0))
      #expect(try code("r:\(folder)/in", "cat \(folder)/secret") == .exited(1))
      #expect(try code("w:\(folder)/out", "echo 1 > \(folder)/out/f") == .exited(0))
      #expect(try code("w:\(folder)/out", "echo 1 > \(folder)/in/f") == .exited(2))
      let result = try capture(probe("confine", "r:/none", "--", "/bin/true"))
      #expect(
        result.text
          == "error: \(SandboxError.refused(path: "/none", reason: "No such file or directory"))\n")
    }
  }

  @Test func enforcingIsRefusedWhileOtherThreadsRun() {
    let end = DispatchSemaphore(value: 0)
    let thread = Thread { end.wait() }
    thread.start()
    defer { end.signal() }
    do {
      try Sandbox(read: ["/"], execute: ["/"], write: ["/"]).enforce()
      Issue.record("confined a process with several threads")
    } catch {
      guard case .otherThreads(let count) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(count > 1)
    }
  }

  @Test func theSystemListHoldsNoPlaceOfUsers() {
    let allowed = Sandbox.systemPaths.map(\.path)
    for path in [
      "/", "/etc", "/tmp", "/home", "/root", "/opt", "/var", "/dev", "/sys", "/etc/passwd",
    ] {
      #expect(!allowed.contains(path))
    }
    let writable = Sandbox.systemPaths.filter { $0.access == .write }.map(\.path)
    #expect(writable == ["/dev/null", "/dev/zero", "/dev/full"])
  }
}
