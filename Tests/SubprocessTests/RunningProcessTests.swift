// The lower level: pipes to a worker, polling, descriptors.
import CSystem
import Foundation
import Subprocess
import Testing

@Suite struct RunningProcessTests {
  @Test func aConversationOverPipes() throws {
    try withFolder { folder in
      let command = shell("read a; echo got $a; echo talk >&2; cat", supervised: true)
      var process = try command.start(
        input: .pipe, output: .pipe, error: .file(folder + "/log"))
      try process.write(Array("one\n".utf8))
      #expect(expectText("got one\n", from: process.output))
      #expect(!process.hasEnded)
      try process.write(Array("two\n".utf8))
      #expect(expectText("two\n", from: process.output))
      process.closeInput()
      let fds = [process.pidfd, process.output]
      #expect(eventually { process.hasEnded })
      #expect(cs_poll(fds, 2, 1000) & 1 == 1)
      #expect(process.wait().status == .exited(0))
      #expect(try String(contentsOfFile: folder + "/log", encoding: .utf8) == "talk\n")
    }
  }

  @Test func aWriteToAChildThatHasGoneIsAnError() throws {
    let process = try Command(executable: "/bin/true").start(input: .pipe)
    #expect(eventually { process.hasEnded })
    #expect(throws: SubprocessError.inputClosed(executable: "/bin/true")) {
      try process.write([UInt8](repeating: 1, count: 100_000))
    }
    #expect(process.wait().succeeded)
  }

  @Test(arguments: [true, false])
  func killLeavesNothing(supervised: Bool) throws {
    let mark = marker()
    let process = try shell(
      "trap '' TERM; sleep \(mark) & echo up; wait", supervised: supervised
    )
    .start(output: .pipe)
    #expect(expectText("up", from: process.output))
    process.kill()
    #expect(process.wait().status == .signalled(9))
    #expect(eventually { processes(with: mark).isEmpty })
  }

  @Test func withoutANewGroupTheChildStaysInOurs() throws {
    let script = "cut -d' ' -f5 /proc/self/stat"
    var command = shell(script)
    command.newGroup = false
    #expect(try capture(command).text == "\(getpgrp())\n")
    command.supervised = true
    #expect(try capture(command).text == "\(getpgrp())\n")
    command.newGroup = true
    #expect(try capture(command).text != "\(getpgrp())\n")
  }

  @Test(arguments: [true, false])
  func noDescriptorLeaksIntoTheChild(supervised: Bool) throws {
    let leak = dup(2)  // without close-on-exec
    defer { close(leak) }
    let command = Command(
      executable: "/bin/ls", arguments: ["/proc/self/fd"], supervised: supervised)
    #expect(try capture(command).text == "0\n1\n2\n3\n")  // 3: the folder that ls reads
  }

  @Test func noDescriptorStaysOpenWithUs() throws {
    let result = try capture(probe("descriptors"))
    #expect(result.text == "0\n")
  }

  @Test func theSupervisorHoldsNothingOpen() throws {
    let process = try shell("echo up; exec sleep 20", supervised: true).start(output: .pipe)
    #expect(expectText("up", from: process.output))
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.pid)/fd")
    #expect(open == [])
    process.kill()
    _ = process.wait()
  }
}
