// `make build` over a .build folder that a CI system kept: a fresh clone compiles only what changed.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CachedBuildTests {
  /// A small package with this checkout's scripts.
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for script in ["build.sh", "tests-build.sh", "progress.sh"] {
      let text = try TestFiles.text(TestTools.root + "/.setup/" + script)
      try TestFiles.writeProgram(
        Array(text.utf8), to: folder.write("", to: "made/.setup/\(script)"))
    }
    try TestFiles.writeProgram(
      Array("#!/bin/sh\n".utf8), to: folder.write("", to: "made/.setup/setup.sh"))
    for file in [".setup/requirements.txt", ".setup/wheels.txt", ".tools/requirements.installed"] {
      try folder.write("", to: "made/\(file)")
    }
    try folder.write("", to: "made/Steps/Keep/empty.txt")
    try folder.write("", to: "made/Workshops/Keep/empty.txt")
    try folder.write(
      """
      // swift-tools-version: 6.0
      import PackageDescription
      let package = Package(
        name: "made",
        targets: [.target(name: "A"), .executableTarget(name: "atelier", dependencies: ["A"])])
      """, to: "made/Package.swift")
    try folder.write("public func number() -> Int { 1 }\n", to: "made/Sources/A/A.swift")
    try folder.write("import A\nprint(number())\n", to: "made/Sources/atelier/main.swift")
  }

  @discardableResult
  private func shell(_ command: String) throws -> EndedProgram {
    let ended = try Space.start(
      "/bin/bash", ["-ec", command],
      environment: Space.tools.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
      { $1 }, folder: folder.path)
    if ended.code != 0 { throw ProgramError("\(command): \(ended.out)\(ended.err)") }
    return ended
  }

  /// Builds, and gives the object files that this made.
  private func build() throws -> [String] {
    try shell("touch mark; sleep 0.05; made/.setup/build.sh")
    return try shell("find -L made/.build/release -name '*.o' -newer mark | sort").out
      .split(separator: "\n").map { String($0.split(separator: "/").last ?? "") }
  }

  /// What `git clone` and a restored .build are: new files with new times, the old folder as it was.
  private func clone() throws {
    try shell(
      "cp -r made new; rm -rf new/.build; cp -a made/.build new/.build; rm -rf made; mv new made")
  }

  @Test func aFreshCloneCompilesWhatChanged() throws {
    #expect(try build() == ["A.swift.o", "main.swift.o"])
    try clone()
    #expect(try build() == [])
    try clone()
    try folder.write("import A\nprint(number() + 1)\n", to: "made/Sources/atelier/main.swift")
    #expect(try build() == ["main.swift.o"])
    #expect(try shell("made/.build/release/atelier").out == "2\n")
    // A build that failed leaves no times of what it never compiled.
    try folder.write("nonsense\n", to: "made/Sources/atelier/main.swift")
    #expect(throws: ProgramError.self) { try build() }
    try folder.write("import A\nprint(number() + 2)\n", to: "made/Sources/atelier/main.swift")
    try clone()
    #expect(try build() == ["main.swift.o"])
    #expect(try shell("made/.build/release/atelier").out == "3\n")
  }
}
