// Which regions have services that not all have: one table, with its source and date.

/// Services by region.
package enum RegionServices {
  /// The regions with CodeArtifact.
  ///
  /// Source: endpoints of `codeartifact` in botocore 1.43.11, read on 30 November 2026; the same 13
  /// regions as in AWS's page "CodeArtifact endpoints and quotas".
  package static let codeArtifact: Set<String> = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1",
    "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2",
    "us-west-2",
  ]
}
