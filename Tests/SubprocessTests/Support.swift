// What the tests share: markers to find strays by, temporary folders, the probe.
import AtelierTesting
import CSystem
import Foundation
import Subprocess

/// A number of seconds that no other process sleeps for: strays are found by it.
func marker() -> String {
  "7\(UInt32.random(in: 1000...9999)).\(UInt32.random(in: 100_000...999_999))"
}

/// The processes whose command line holds the text; zombies have none.
func processes(with text: String) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap(Int32.init).filter { pid in
    guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
      return false
    }
    return String(decoding: line, as: UTF8.self).contains(text)
  }
}

/// Whether the condition comes true within a minute.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<6000 {
    if condition() { return true }
    usleep(10_000)
  }
  return condition()
}

/// `/bin/sh -c` with a plain environment.
func shell(
  _ script: String, supervised: Bool = false, grace: Double = 0.5, sandbox: Sandbox? = nil
) -> Command {
  Command(
    executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
    supervised: supervised, grace: grace, sandbox: sandbox)
}

/// The middle process, built beside the tests.
func probe(_ arguments: String...) -> Command {
  Command(executable: TestTools.built("subprocess-probe"), arguments: arguments)
}

/// A fresh folder, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("subprocess-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.resolvingSymlinksInPath().path)
}

func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// Reads from a pipe until this text has come, or the pipe's end.
func expectText(_ text: String, from fd: Int32) -> Bool {
  var seen = ""
  while !seen.contains(text) {
    let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, cs_read(fd, buffer.baseAddress, buffer.count))
    }
    if chunk.isEmpty { return false }
    seen += String(decoding: chunk, as: UTF8.self)
  }
  return true
}
