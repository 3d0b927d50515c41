// The packages of rpm and what they depend on: of its answer, and of a real database.
import AtelierTesting
import Content
import FileIndex
import FileTools
import Foundation
import Subprocess
import Testing

@testable import Programs

@Suite struct RpmDatabaseTests {
  private static let program = "/usr/bin/rpm"
  private static let builder = "/usr/bin/rpmbuild"

  private static let digests = FileSetDigest(
    digest: { path in
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let identity = try FileIdentity(ofFile: path)
      return try FileDigest(
        digest: Digest.of(bytes), size: Int64(bytes.count), identity: #require(identity))
    }, index: nil)

  private func closure(
    of names: [String], _ database: RpmDatabase
  ) throws -> PackageClosure {
    try PackageClosure(of: names, digests: Self.digests, from: [database])
  }

  @Test func requirementsAreNamesFilesAndAlternatives() {
    let packages = RpmDatabase.packages(
      listed: Array(
        """
        P\ttool\tx86_64\t2:1.0-3.el9
        R\tlibc.so.6(GLIBC_2.34)(64bit)
        R\t/bin/sh
        R\trpmlib(CompressedFileNames)
        R\t((python3 >= 3.9 if (extra or other)) and config(tool) = 2:1.0)
        V\ttool
        V\ttool(x86-64)
        F\t/usr/bin/tool with a blank
        P\tbash\tx86_64\t0:5.1-1
        V\tbash
        F\t/bin/sh
        P\tglibc\ti686\t0:2.34-1
        V\tglibc
        P\tglibc\tx86_64\t0:2.34-1
        V\tlibc.so.6(GLIBC_2.34)(64bit)

        """.utf8))
    let tool = packages.named("tool")
    #expect(tool.map(\.version) == ["2:1.0-3.el9"])
    #expect(tool.map(\.files) == [["/usr/bin/tool with a blank"]])
    #expect(
      tool.first?.depends == [
        "libc.so.6(GLIBC_2.34)(64bit)", "/bin/sh", "python3", "extra", "other", "config(tool)",
      ])
    #expect(packages.named("tool(x86-64)").map(\.name) == ["tool"])
    #expect(packages.named("/bin/sh").map(\.name) == ["bash"])
    #expect(packages.named("glibc").map(\.key) == ["glibc.i686", "glibc.x86_64"])
    #expect(packages.named("libc.so.6(GLIBC_2.34)(64bit)").map(\.key) == ["glibc.x86_64"])
  }

  /// Builds a package that is said to have brought a file, and puts it into a database of its own.
  private func install(
    _ name: String, version: String = "1", requires: String = "", file: String, _ folder: String
  ) throws {
    let spec = """
      Name: \(name)
      Version: \(version)
      Release: 1
      Summary: a package of a test
      License: MIT
      BuildArch: noarch
      AutoReqProv: no
      \(requires.isEmpty ? "" : "Requires: \(requires)")
      %description
      A package of a test.
      %install
      mkdir -p %{buildroot}\(file.split(separator: "/").dropLast().map { "/\($0)" }.joined())
      echo \(name) > %{buildroot}\(file)
      %files
      \(file)

      """
    try Data(spec.utf8).write(to: URL(filePath: "\(folder)/\(name).spec"))
    try run(
      Self.builder,
      [
        "-bb", "--define", "_topdir \(folder)/build", "--define", "_dbpath \(folder)/db",
        "\(folder)/\(name).spec",
      ], folder)
    try run(
      Self.program,
      [
        "-U", "--justdb", "--nodeps", "--dbpath", "\(folder)/db",
        "\(folder)/build/RPMS/noarch/\(name)-\(version)-1.noarch.rpm",
      ], folder)
  }

  private func run(_ program: String, _ arguments: [String], _ home: String) throws {
    let captured = try capture(
      Command(
        executable: program, arguments: arguments,
        environment: ["PATH": "/usr/bin:/bin", "HOME": home]), timeout: 200)
    try #require(captured.exit.succeeded, "\(captured.errorText)")
  }

  @Test(
    .enabled(
      if: [program, builder].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) },
      "no rpm and rpmbuild"))
  func aRealDatabaseGivesTheClosure() throws {
    let space = try TemporaryFolder()
    let folder = space.path
    let files = ["/usr/bin/env", "/usr/bin/cat"]
    try install("helper", file: files[1], folder)
    try install("tool", requires: "helper, /usr/bin/cat, absent-one", file: files[0], folder)
    let database = RpmDatabase(
      program: Self.program, options: ["--dbpath", "\(folder)/db"],
      records: ["\(folder)/db/rpmdb.sqlite"])
    let first = try closure(of: ["tool"], database)
    #expect(first.files == files.sorted())
    #expect(first.versions["tool.noarch"] == "0:1-1")
    #expect(first.versions["helper.noarch"] == "0:1-1")
    #expect(first.versions.count == 3, "\(first.versions)")
    #expect(try closure(of: ["helper"], database).files == [files[1]])
    #expect(!first.hasMoved)
    // Another version of what it depends on is seen.
    try install("helper", version: "2", file: files[1], folder)
    #expect(first.hasMoved)
    let second = try closure(of: ["tool"], database)
    #expect(second.versions["helper.noarch"] == "0:2-1")
    #expect(second.versions["(contents)"] == first.versions["(contents)"])
    let error = #expect(throws: PackageError.self) { try closure(of: ["absent-one"], database) }
    #expect(error?.description.contains("the package 'absent-one' is not installed") == true)
  }

  @Test func aMachineWithNeitherIsRefused() {
    let nothing = RpmDatabase(program: "/no/such/rpm", records: ["/no/such/file"])
    let error = #expect(throws: PackageError.self) { try closure(of: ["tool"], nothing) }
    #expect(error?.description.contains("neither dpkg nor rpm") == true)
  }
}
