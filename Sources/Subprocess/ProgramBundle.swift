// The folder that this program came in with a loader, libraries and tools of its own. It knows no tool.
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program with the loader and the shared libraries that it was built beside, wherever it lies.
///
/// Its programs start on systems with an older C library, and where there is none. The kernel would look
/// for the loader at the absolute path that each program names; so the bundle's own is started, and told
/// what to load.
public struct ProgramBundle: Sendable, Equatable {
  /// The bundle's folder, absolute.
  public let root: String

  /// That of this program; nil where the system's loader serves it.
  public static let own = cs_bundle().map { ProgramBundle(root: String(cString: $0)) }

  init(root: String) { self.root = root }

  /// The program that the loader loads.
  public var program: String { root + "/libexec/atelier" }

  /// Where loader, libraries and locales are.
  public var runtime: String { root + "/runtime" }

  /// The folder above that of the one locale, as `LOCPATH` has it.
  public var locales: String { runtime + "/locale" }

  /// The loader; nil for a bundle that has lost it.
  public var loader: String? {
    ["ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"].map { "\(runtime)/\($0)" }
      .first { access($0, X_OK) == 0 }
  }

  /// Whether a path lies in it.
  public func holds(_ path: String) -> Bool { path.hasPrefix(root + "/") }

  /// What tells the loader where to look first.
  public var libraries: [String] { ["--library-path", runtime] }

  /// A command as the kernel can start it here: a program of the bundle by the bundle's loader.
  func starting(_ command: Command) -> Command {
    guard holds(command.executable), Self.namesALoader(command.executable), let loader else {
      return command
    }
    var loaded = command
    loaded.executable = loader
    loaded.name = nil
    loaded.arguments =
      ["--argv0", command.name ?? command.executable] + libraries + [command.executable]
      + command.arguments
    if loaded.environment["LOCPATH"] == nil { loaded.environment["LOCPATH"] = locales }
    return loaded
  }

  /// Whether a file is a program that the kernel starts by a loader: an ELF file with a program header of
  /// the type PT_INTERP.
  private static func namesALoader(_ path: String) -> Bool {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return false }
    defer { cs_close(descriptor) }
    let head = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, cs_read(descriptor, buffer.baseAddress, buffer.count))
    }
    return ElfHeader(head)?.interpreter != nil
  }
}
