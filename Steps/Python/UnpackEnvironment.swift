// The step that makes an environment of a lock. It knows no script.
import AtelierStep
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Unpacks the wheels that a lock names into a folder that Python imports from.
///
/// Wheels only: nothing is built, and nothing but what a digest of the lock names is used, wherever it
/// comes from. Which index is asked is the user's business (`UV_DEFAULT_INDEX`, or uv's other
/// variables) and in no key. Equal locks give equal bytes on every machine of a platform.
public struct UnpackEnvironment: Step {
  /// The lock.
  public var lock: Script
  /// The folder of packages.
  public var packages = Output<PythonEnvironment>()

  /// The installer uv, and the Python whose platform selects the wheels.
  public var programs: [Program] { [.uv, .python] }
  /// The lock's text by its name.
  public var scripts: [String: String] { [lock.name: lock.text] }
  /// True: the wheels are downloaded, each checked by its digest.
  public var usesNetwork: Bool { true }

  /// Installs the wheels of the lock; fails for a package without a digest or without a wheel.
  public func run(in context: StepContext) throws {
    _ = try PythonLock(lock)
    let path = try context.path(packages)
    let file = context.scratch("requirements.lock")
    try lock.text.write(toFile: file, atomically: false, encoding: .utf8)
    // Where it looks for servers and their certificates, for an index and its password.
    let told = ProcessInfo.processInfo.environment.filter { name, _ in
      name.hasPrefix("UV_") || name.hasPrefix("SSL_CERT_")
        || name.lowercased().hasSuffix("_proxy")
    }
    let command = Command(
      executable: try context.path(.uv),
      arguments: [
        "pip", "install", "--python", try context.path(.python), "--target", path,
        "--requirements", file, "--require-hashes", "--no-deps", "--only-binary", ":all:",
        "--no-cache", "--no-config", "--link-mode", "copy", "--no-python-downloads",
        "--no-progress", "--color", "never",
      ],
      environment: told.merging([
        "HOME": context.scratch(""), "TMPDIR": context.scratch(""), "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8", "TZ": "UTC",
      ]) { $1 },
      directory: context.directory, supervised: false, newGroup: false)
    let captured = try capture(command)
    guard captured.exit.succeeded else {
      throw UnpackProblem(captured.errorText, lock: lock.name).failure
    }
    for line in captured.errorText.split(separator: "\n") { context.log(String(line)) }
    try PackageFolder(path: path).normalize()
  }
}
