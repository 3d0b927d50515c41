// The step that fetches a file whose digest is known. It knows nothing of what the file holds.
import AtelierStep
import Content
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The curl command line program.
  public static let curl = Program(
    "curl",
    systemFiles: [
      "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
      "/etc/ssl", "/etc/ca-certificates", "/usr/share/ca-certificates",
    ])
}

/// Downloads a file and checks its SHA-256, so that the result depends on no server.
///
/// `Format` says what the file holds and so into which input it may be wired. The worker knows the
/// formats that `SourceFamily.steps` lists.
public struct Download<Format: ArtifactFormat>: Step {
  public static var code: CodeFingerprint { .module }
  public static var stepName: String { "Download\(Format.self)" }

  /// Where the file is; redirects are followed.
  public var url: String
  /// The file's SHA-256: 64 hexadecimal digits, with or without `sha256:`.
  public var sha256: String
  /// The file.
  public var file = Output<Format>()

  public var usesNetwork: Bool { true }

  /// The download of one file.
  public init(url: String, sha256: String) {
    self.url = url
    self.sha256 = sha256
  }

  public var programs: [Program] { [.curl] }
  public var limits: StepLimits { StepLimits(retries: 3, retryDelay: 2) }

  public func run(in context: StepContext) throws {
    let expected = try FileDigest.parse(sha256)
    let path = try context.path(file)
    try fetch(to: path, in: context)
    let (found, size) = try Digest.of(file: path)
    guard found == expected else {
      throw StepFailure(
        "\(url) gave \(size) bytes with \(found), expected \(expected); check the address, and the "
          + "parameter 'sha256' if the file is meant to have changed")
    }
    context.log("\(url): \(size) bytes")
  }

  private func fetch(to path: String, in context: StepContext) throws {
    let environment = ProcessInfo.processInfo.environment
    let command = Command(
      executable: try context.path(.curl),
      // -q, first: no curlrc of the machine.
      arguments: [
        "-q", "--fail", "--location", "--silent", "--show-error", "--output", path, "--", url,
      ], environment: environment, directory: context.directory, supervised: false,
      newGroup: false)
    let captured = try capture(command)
    guard captured.exit.succeeded else {
      throw StepFailure("can't download \(url): \(captured.errorText)")
    }
  }
}
