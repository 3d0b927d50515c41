// What the probe can do, a function each.
import CSystem
import Subprocess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func usage() -> Never {
  say("subprocess-probe: start | group | confine | catch | descriptors\n")
  exit(2)
}

func say(_ text: String) {
  cs_write_all(1, Array(text.utf8), text.utf8.count)
}

func require<Value>(_ body: () throws -> Value) -> Value {
  do {
    return try body()
  } catch {
    say("error: \(error)\n")
    exit(1)
  }
}

/// `start plain|supervised PROGRAM ARGUMENT...`: starts it, says so, waits.
func startAndWait(_ arguments: [String]) -> Never {
  guard arguments.count > 1 else { usage() }
  let command = Command(
    executable: arguments[1], arguments: Array(arguments.dropFirst(2)),
    supervised: arguments[0] == "supervised")
  let process = require { try command.start() }
  say("started\n")
  _ = process.wait()
  exit(0)
}

/// `group PROGRAM ARGUMENT...`: a worker that starts a tool in its own group, and dies with it.
func leadGroup(_ arguments: [String]) -> Never {
  guard let program = arguments.first else { usage() }
  cs_die_with_group()
  let command = Command(
    executable: program, arguments: Array(arguments.dropFirst()), supervised: false,
    newGroup: false)
  let process = require { try command.start() }
  say("started\n")
  _ = process.wait()
  exit(0)
}

/// `confine [r:PATH] [x:PATH] [w:PATH] -- PROGRAM ARGUMENT...`: confines itself, then runs it.
func confine(_ arguments: [String]) -> Never {
  let parts = arguments.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2, let program = parts[1].first else { usage() }
  var sandbox = Sandbox()
  for declared in parts[0] {
    let path = String(declared.dropFirst(2))
    switch declared.first {
    case "r": sandbox.read.append(path)
    case "x": sandbox.execute.append(path)
    default: sandbox.write.append(path)
    }
  }
  let end = require {
    try sandbox.enforce()
    return try Command(executable: program, arguments: Array(parts[1].dropFirst()))
      .run(output: .descriptor(1), error: .descriptor(1))
  }
  if case .exited(let code) = end.status { exit(code) }
  exit(99)
}

/// `catch`: says each signal that it caught; ends by the second or, when it is SIGHUP, by it.
func catchSignals() -> Never {
  let fd = require { () throws(SubprocessError) in cs_catch_signals() }
  say("ready\n")
  while true {
    var byte: UInt8 = 0
    guard cs_read(fd, &byte, 1) == 1 else { exit(1) }
    say("caught \(byte)\n")
    if Int32(byte) == SIGHUP { cs_die_by(SIGHUP) }
  }
}

/// `descriptors`: how many more are open after many starts, good and bad.
func countDescriptors() -> Never {
  let before = openDescriptors()
  for number in 0..<30 {
    let program = number % 3 == 0 ? "/missing" : "/bin/true"
    let directory = number % 5 == 1 ? "/missing" : nil
    let command = Command(
      executable: program, directory: directory, supervised: number % 2 == 0,
      sandbox: Sandbox.isAvailable ? Sandbox() : nil)
    _ = try? capture(command, input: .bytes([1, 2, 3]), cancelled: CancellationToken())
  }
  say("\(openDescriptors() - before)\n")
  exit(0)
}

private func openDescriptors() -> Int {
  (0..<256).count { fcntl(Int32($0), F_GETFD) >= 0 }
}
