// What rpm has installed, by its own program: the form of its database differs by its version.
import FileTools
import Subprocess

/// The database of the package manager of Red Hat, Fedora, SUSE and Amazon Linux.
struct RpmDatabase: PackageDatabase {
  private let program: String
  private let arguments: [String]
  let records: [String]

  /// The database of this machine.
  ///
  /// SQLite's log beside a database is no record: a query as root makes it, and an installation ends
  /// with what it wrote in the database itself.
  init() {
    self.init(
      program: "/usr/bin/rpm",
      records: ["/usr/lib/sysimage/rpm", "/var/lib/rpm"].flatMap { folder in
        ["rpmdb.sqlite", "Packages.db", "Packages"].map { "\(folder)/\($0)" }
      })
  }

  /// A database by rpm's own options; `records` are the files that an installation changes.
  init(program: String, options: [String] = [], records: [String]) {
    self.program = program
    arguments = options
    self.records = records
  }

  /// A line each: the package, what it requires and provides, and its files.
  private static let format =
    #"P\t%{NAME}\t%{ARCH}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n[R\t%{REQUIRENAME}\n]"#
    + #"[V\t%{PROVIDENAME}\n][F\t%{FILENAMES}\n]"#

  func installed() throws -> InstalledPackages? {
    guard try FileStatus(program, followingLinks: true) != nil,
      try records.contains(where: { try FileStatus($0, followingLinks: true) != nil })
    else { return nil }
    let command = Command(
      executable: program, arguments: ["-qa", "--queryformat", Self.format] + arguments,
      environment: ["LC_ALL": "C"], supervised: false, newGroup: false)
    let captured = try capture(command, timeout: 120)
    guard captured.exit.succeeded else {
      throw PackageError(
        description: "\(program) -qa, which says what packages hold, failed: "
          + captured.errorText.split(separator: "\n").prefix(3).joined(separator: "; "))
    }
    return Self.packages(listed: captured.stdout)
  }

  func files(of package: InstalledPackages.Package) -> [String] { package.files ?? [] }

  /// The packages of a query's answer.
  static func packages(listed bytes: [UInt8]) -> InstalledPackages {
    var packages = InstalledPackages()
    var head: [String] = []
    var (requires, provides, files): ([String], [String], [String]) = ([], [], [])
    func end() {
      guard head.count == 3 else { return }
      packages.add(
        InstalledPackages.Package(
          name: head[0], architecture: head[1], version: head[2],
          depends: requires.flatMap(names), files: files, key: "\(head[0]).\(head[1])"),
        // A file is provided by its path, as `/bin/sh` is required.
        providing: provides + files)
      (requires, provides, files) = ([], [], [])
    }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(
        separator: UInt8(ascii: "\t"), maxSplits: 3, omittingEmptySubsequences: false
      ).map { String(decoding: $0, as: UTF8.self) }
      switch (fields.first, fields.count) {
      case ("P", 4):
        end()
        head = Array(fields.dropFirst())
      case ("R", 2): requires.append(fields[1])
      case ("V", 2): provides.append(fields[1])
      case ("F", 2): files.append(fields[1])
      default: continue
      }
    }
    end()
    return packages
  }

  /// The names of a requirement: `libc.so.6()(64bit)` as it is, and each of `(a >= 1 if b)`.
  private static func names(_ requirement: String) -> [String] {
    if requirement.hasPrefix("rpmlib(") { return [] }
    guard requirement.hasPrefix("(") else { return [requirement] }
    let words = requirement.split(separator: " ").map { word -> String in
      // The brackets around a part, not those of a name such as config(setup).
      var word = word.drop { $0 == "(" }
      while word.hasSuffix(")"), word.count(where: { $0 == ")" }) > word.count(where: { $0 == "(" })
      {
        word = word.dropLast()
      }
      return String(word)
    }
    var names: [String] = []
    var isVersion = false
    for word in words {
      if isVersion {
        isVersion = false
      } else if ["<", "<=", "=", ">=", ">"].contains(word) {
        isVersion = true
      } else if !["and", "or", "if", "unless", "else", "with", "without"].contains(word) {
        names.append(word)
      }
    }
    return names
  }
}
