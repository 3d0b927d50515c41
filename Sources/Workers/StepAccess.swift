// What a step may use of this machine, beside its own folder and what every program needs.
import Atelier
import AtelierStep
import FileTools
import Programs

/// The files of this machine that a step may read, start and list, each of which is in its key, and
/// whether it may use the network.
package struct StepAccess: Sendable, Hashable {
  package let read: [String]
  package let execute: [String]
  /// Folders whose names may be listed.
  package let list: [String]
  package let network: Bool

  package init(read: [String], execute: [String], list: [String], network: Bool) {
    self.read = read
    self.execute = execute
    self.list = list
    self.network = network
  }

  /// What a step declared: its programs with what they load, and packages.
  package init(
    _ step: StepDescription, programs: [String: ProgramIdentity], packages: PackageClosure?
  ) {
    var read: Set<String> = []
    var execute: Set<String> = []
    var list = Set(packages?.folders ?? [])
    for program in step.programs {
      read.formUnion(program.readableFiles(of: programs[program.name]?.path))
      guard let identity = programs[program.name] else { continue }
      if program.isExecutable { execute.insert(identity.path) } else { read.insert(identity.path) }
      read.formUnion((identity.python?.files ?? []).map(\.path))
      list.formUnion((identity.python?.folders ?? []).map(\.path))
      for file in identity.loads {
        if Self.isStarted(file) { execute.insert(file.path) } else { read.insert(file.path) }
      }
    }
    for path in packages?.files ?? [] {
      if (try? FileStatus(path, followingLinks: true))?.isExecutable == true {
        execute.insert(path)
      } else {
        read.insert(path)
      }
    }
    if step.usesNetwork {
      read.formUnion(Self.network.filter { (try? FileStatus($0, followingLinks: true)) != nil })
    }
    self.init(
      read: read.sorted(), execute: execute.sorted(), list: list.sorted(),
      network: step.usesNetwork)
  }

  /// How names of hosts are found and servers trusted: of the machine, as the network is.
  private static let network = [
    "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
    "/etc/ssl", "/etc/ca-certificates", "/usr/share/ca-certificates",
  ]

  /// Whether the system starts a file that is loaded with a program: the loader, or an interpreter.
  private static func isStarted(_ file: LoadedFile) -> Bool {
    file.name.hasPrefix("ld-") || !file.name.contains(".so")
  }
}
