// The path of an image in ECR, taken apart.

/// The path of an image in ECR, `<account>.dkr.ecr.<region>.<domain>/<repository>[:<tag>][@<digest>]`.
public struct RegistryPath: Hashable, Sendable {
  /// The account of the registry.
  public let account: String
  /// The region of the registry.
  public let region: String
  /// The end of the host's name.
  public let domain: String
  /// The repository in it.
  public let repository: String

  /// Nil for an image elsewhere.
  public init?(_ image: String) {
    let parts = image.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let host = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard host.count >= 6, host[1] == "dkr", host[2] == "ecr" else { return nil }
    account = host[0]
    region = host[3]
    domain = host[4...].joined(separator: ".")
    repository = String(parts[1].prefix { $0 != ":" && $0 != "@" })
  }
}
