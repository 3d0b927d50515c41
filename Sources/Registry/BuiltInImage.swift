// Where SageMaker's built-in images are in the registry, by region. It asks no registry.

/// The table of SageMaker's built-in images.
///
/// Each region has a registry of its own, in an account that differs by image and region. The table
/// has the regions that the workshops are written for; `registry` overrides it.
public enum BuiltInImage {
  /// Why a path cannot be given, or an image cannot be used.
  public struct Problem: Error, Hashable, CustomStringConvertible {
    /// What is wrong, what was expected, and what to do.
    public let description: String
  }

  /// The path of an image, such as `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1`.
  ///
  /// - Throws: a `Problem` that lists what is known, and says that the setting `image` overrides it.
  public static func path(
    repository: String, version: String, region: String
  ) throws(Problem) -> String {
    guard let known = table[repository] else {
      throw Problem(
        description: "the built-in image '\(repository)' is not known; expected one of "
          + "\(repositories.joined(separator: ", ")), or give the whole path of the image by the "
          + "setting `image`")
    }
    guard known.accepts(version) else {
      throw Problem(
        description: "the image '\(repository)' has no version '\(version)'; expected one of "
          + "\(known.versions.joined(separator: ", ")), or give the whole path of the image by the "
          + "setting `image`")
    }
    guard let account = known.accounts[region] else {
      throw Problem(
        description: "the registry of '\(repository)' in region '\(region)' is not known; known "
          + "are \(known.regions.joined(separator: ", ")); for another region, give the whole path "
          + "of the image by the setting `image`")
    }
    return "\(account).dkr.ecr.\(region).\(domain(of: region))/\(repository):\(version)"
  }

  /// The names of the built-in images in the table.
  public static var repositories: [String] { table.keys.sorted() }

  /// The end of the names of hosts in a region: China has one of its own.
  public static func domain(of region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }

  /// Throws where SageMaker cannot pull an image in a region.
  ///
  /// ECR serves an image by the host of its own region only, and SageMaker pulls from the region of
  /// the job. A built-in image must also be in the account that the table has for it, where the table has
  /// one. An image that is not in ECR is not checked.
  public static func check(_ image: String, region: String) throws(Problem) {
    guard let path = RegistryPath(image) else { return }
    let known = table[path.repository]
    let right = known?.accounts[region].map {
      "; in \(region) it is \($0).dkr.ecr.\(region).\(domain(of: region))/\(path.repository)"
    }
    guard path.region == region else {
      throw Problem(
        description: "the image '\(image)' is in region \(path.region), and the region is "
          + "\(region); SageMaker pulls an image from the region of its job"
          + (right ?? "; "
            + "name an image in \(region)"))
    }
    guard path.domain == domain(of: region) else {
      throw Problem(
        description: "the image '\(image)' is at \(path.domain); hosts in \(region) end in "
          + domain(of: region))
    }
    // Only an account of AWS's own table is wrong here: others may hold a copy of the image.
    guard let known, let expected = known.accounts[region], path.account != expected,
      let home = known.accounts.first(where: { $0.value == path.account })?.key
    else { return }
    throw Problem(
      description: "the image '\(image)' is in account \(path.account), which has "
        + "'\(path.repository)' in \(home) only" + (right ?? ""))
  }

  /// The table: accounts by region, versions by image.
  private static let table: [String: Accounts] = [
    "xgboost": Accounts(
      versions: ["1", "latest"],
      [
        "us-east-1": "811284229777", "us-east-2": "825641698319", "us-west-2": "433757028032",
        "eu-west-1": "685385470294", "eu-central-1": "813361260812",
        "ap-northeast-2": "306986355934",
      ]),
    "sagemaker-xgboost": Accounts(
      versions: [
        "0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5", "3.2-0",
      ],
      [
        "us-east-1": "683313688378", "us-east-2": "257758044811", "us-west-2": "246618743249",
        "eu-west-1": "141502667606", "eu-central-1": "492215442770",
        "ap-northeast-2": "366743142698",
      ]),
    "sagemaker-data-wrangler-container": Accounts(
      versions: ["1.x", "3.x"],
      [
        "us-east-1": "663277389841", "us-east-2": "415577184552", "us-west-2": "174368400705",
        "eu-west-1": "245179582081", "eu-central-1": "024640144536",
        "ap-northeast-2": "131546521161",
      ]),
  ]
}

/// One built-in image: its versions, and the account of its registry by region.
private struct Accounts: Sendable {
  let versions: [String]
  let accounts: [String: String]

  init(versions: [String], _ accounts: [String: String]) {
    (self.versions, self.accounts) = (versions, accounts)
  }

  var regions: [String] { accounts.keys.sorted() }

  func accepts(_ version: String) -> Bool { versions.contains(version) }
}
