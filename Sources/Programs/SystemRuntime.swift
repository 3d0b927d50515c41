// What every step's process has of the system, whatever the step: part of each key. It starts nothing.
import Content
import FileTools
import Subprocess

/// Files of the system that may change what a step's own code makes.
package struct SystemRuntime: Sendable {
  package let files: [LoadedFile]
  /// Their digests by name, as they stand in a key.
  package let part: SharedPart

  package init(files: [LoadedFile]) {
    self.files = files
    part = SharedPart(
      Dictionary(files.map { ($0.name, $0.digest.description) }) { first, _ in first })
  }

  /// The C library, the mathematics beside it, and the loader, of all that a program loads; and the
  /// tables of the one locale.
  ///
  /// The libraries of Swift are left out: they come with the compiler, which is in the key.
  package static func paths(among loads: [String]) -> [String] {
    let libraries = loads.filter { path in
      let name = path.split(separator: "/").last ?? ""
      return ["libc.", "libm.", "ld-linux", "ld-musl", "libc-"].contains { name.hasPrefix($0) }
    }
    let tables = [locale, locale + "/LC_MESSAGES"].flatMap { folder in
      ((try? Disk.names(in: folder)) ?? nil ?? []).sorted().map { "\(folder)/\($0)" }
    }
    return libraries
      + tables.filter { (try? FileStatus($0, followingLinks: true))?.kind == .file }
  }

  /// What `LC_ALL=C.UTF-8` reads.
  package static let locale =
    (ProgramBundle.own?.locales ?? "/usr/lib/locale") + "/C.utf8"
}
