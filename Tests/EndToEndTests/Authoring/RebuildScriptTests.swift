// `make build` calls the compiler when a source differs, and otherwise not at all.
// A stand-in plays the compiler, so that no build takes time here.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct RebuildScriptTests {
  /// A checkout whose `swift` only counts its calls and leaves a program that prints its words.
  private func checkout(compiler: String = "exit 0") throws -> (Checkout, folder: String) {
    let checkout = try Checkout()
    let folder = checkout.root + "/stand-in"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try script(checkout.root + "/.setup/setup.sh", "#!/usr/bin/env bash\n")
    try script(
      folder + "/swift",
      """
      #!/bin/sh
      echo "$@" >> "\(checkout.root)/calls"
      mkdir -p .build/release
      printf '#!/bin/sh\\necho "program: $@"\\n' > .build/release/atelier
      chmod +x .build/release/atelier
      \(compiler)
      """)
    return (checkout, folder)
  }

  private func script(_ path: String, _ text: String) throws {
    try TestFiles.writeProgram(Array(text.utf8), to: path)
  }

  private func calls(_ checkout: Checkout) -> Int {
    ((try? checkout.read("calls")) ?? "").split(separator: "\n").count
  }

  @Test func aSecondCallDoesNotStartTheCompiler() throws {
    let (checkout, folder) = try checkout()
    let first = try checkout.start("make", "status", path: folder)
    #expect(first.out == "program: status propensity\n")
    #expect(calls(checkout) == 1)
    try script(folder + "/swift", "#!/bin/sh\necho called >&2; exit 9\n")
    let second = try checkout.start("make", "status", path: folder)
    #expect(second.out == first.out)
    #expect(second.err == "")
    #expect(
      try checkout.start("make", "week3", "ARGS=--jobs 1", path: folder).out
        == "program: run propensity/week3 --jobs 1\n")
  }

  @Test func aWorkshopAndItsStagesAreTargets() throws {
    let (checkout, folder) = try checkout()
    let config = "Workshops/SalesTax2/config.ini"
    try FileManager.default.createDirectory(
      atPath: checkout.root + "/Workshops/SalesTax2", withIntermediateDirectories: true)
    try checkout.write(config, "")
    for target in ["propensity", "sales-tax2", "sales-tax2/totals"] {
      let ended = try checkout.start("make", target, path: folder)
      #expect(ended.out == "program: run \(target)\n")
    }
  }

  @Test func testsOfOneTargetAreNamedOnTheCommandLine() throws {
    let (checkout, folder) = try checkout()
    try checkout.start("make", "test", "ONLY=TrainTests", path: folder)
    #expect(
      try checkout.read("calls").contains(
        "build --scratch-path .build/tests -c release -Xswiftc -Onone -Xswiftc -enable-testing "
          + "-Xswiftc -gnone --explicit-target-dependency-import-check error "
          + "--product atelierPackageTests\n"))
    let ended = try checkout.start(
      "make", "test", "ONLY=TrainingTests", path: folder, expecting: 2)
    #expect(ended.err.contains("there is no folder Tests/TrainingTests"), "\(ended.err)")
    #expect(ended.err.contains(" TrainTests "), "\(ended.err)")
  }

  @Test func anOlderFileOfTheSameSizeIsBuilt() throws {
    let (checkout, folder) = try checkout()
    try checkout.start("make", "build", path: folder)
    let path = "Steps/Query/FindRepeatedEvents.swift"
    try checkout.edit(path) { $0.replacingOccurrences(of: ".", with: ",") }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
      ofItemAtPath: "\(checkout.root)/\(path)")
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 2)
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 2)
  }

  @Test(arguments: [
    "Steps/Query/SQL/repeated_events.sql", "Sources/CSystem/files.c",
    "Workshops/Propensity/Propensity.swift",
    "Package.swift",
  ])
  func everyKindOfSourceCounts(_ path: String) throws {
    let (checkout, folder) = try checkout()
    try checkout.start("make", "build", path: folder)
    try checkout.edit(path) { $0 + "\n" }
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 2)
    try checkout.edit("Workshops/Propensity/config.ini") { $0 + "\n" }
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 2)
  }

  @Test func removedAndNewFilesAndALostProgramAreBuilt() throws {
    let (checkout, folder) = try checkout()
    try checkout.start("make", "build", path: folder)
    try checkout.write("Steps/Query/Another.swift", "// Nothing.\n")
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 2)
    try FileManager.default.removeItem(atPath: checkout.root + "/Steps/Query/Another.swift")
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 3)
    try FileManager.default.removeItem(atPath: checkout.program)
    try checkout.start("make", "build", path: folder)
    #expect(calls(checkout) == 4)
  }

  @Test func aFailedBuildShowsWhyAndIsTriedAgain() throws {
    let (checkout, folder) = try checkout(compiler: "echo 'a.swift:1: error: no'; exit 1")
    for call in 1...2 {
      let failed = try checkout.start("make", "week1", path: folder, expecting: 2)
      #expect(failed.err.contains("a.swift:1: error: no"))
      #expect(failed.out == "")
      #expect(calls(checkout) == call)
    }
  }
}
