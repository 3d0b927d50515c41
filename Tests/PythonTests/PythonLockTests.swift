// Lock files: what is read of them, and what is refused with its line.
import AtelierStep
import Testing

@testable import Python

@Suite struct PythonLockTests {
  private func lock(_ text: String) throws -> [PythonLock.Package] {
    try PythonLock(Script(name: "a.lock", text: text)).packages
  }

  private func refusal(_ text: String) -> String? {
    do {
      _ = try lock(text)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func packagesWithTheirVersionsAndHashes() throws {
    let packages = try lock(
      """
      # made by uv
      numpy==2.4.6 \\
          --hash=sha256:aa \\
          --hash=sha256:bb
          # via scipy
      Pillow==11.0 --hash=sha256:cc ; python_version >= "3.9"\r
      """)
    #expect(packages.map(\.name) == ["numpy", "Pillow"])
    #expect(packages.map(\.version) == ["2.4.6", "11.0"])
    #expect(packages.map(\.hashes) == [2, 1])
  }

  @Test(arguments: [
    ("# nothing\n", "a.lock locks no package"),
    ("\nnumpy>=2 --hash=sha256:aa", "a.lock:2: expected name==version with hashes"),
    ("numpy==2.0", "a.lock:1: numpy==2.0 has no --hash=sha256:"),
    ("numpy==2.0 --hash=md5:aa", "a.lock:1: numpy==2.0 has no --hash=sha256:"),
    ("a==1 --hash=sha256:a\n--index-url http://x", "a.lock:2: '--index-url' is an option"),
    ("a @ https://x/a.whl --hash=sha256:a", "a.lock:1: expected name==version"),
    ("==1 --hash=sha256:a", "a.lock:1: expected name==version"),
  ])
  func whatIsNoLock(_ text: String, _ start: String) {
    #expect(refusal(text)?.hasPrefix(start) == true, "\(refusal(text) ?? "none")")
  }
}
