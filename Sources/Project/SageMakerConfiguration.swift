// What a configuration says of steps as training jobs of SageMaker, checked. It asks nobody.
import AWS
import AWSClusters
import Atelier
import Clusters
import Configuration
import HTTP
import Jobs
import SageMaker

/// `[SageMaker]`, `[Jobs]` and `[AWS]` of a session, for the engine of SageMaker.
struct SageMakerConfiguration {
  let session: Session

  /// The driver.
  ///
  /// Throws a `SettingError` that names the key where something is missing or wrong.
  func driver() throws -> any ClusterDriver {
    let settings = try settings()
    let aws = try session.awsSettings()
    let clients = try ServiceClients(
      aws, credentials: session.context.credentials.provider(aws, HTTPSettings()))
    return SageMakerDriver(
      SageMakerClient(try clients.client("sagemaker", host: "api.sagemaker")), settings: settings)
  }

  private func settings() throws -> SageMakerSettings {
    let table = try SageMakerTable(reading: session.configuration)
    let jobs = try JobTable(reading: session.configuration)
    let option = session.option
    guard !jobs.image.isEmpty else {
      throw SettingError(
        "Jobs", "image",
        "empty; the jobs of SageMaker run the image of Atelier in a registry: atelier config set\(option) "
          + "Jobs.image=ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG")
    }
    guard RequestOperation.isRole(jobs.role) else {
      throw SettingError(
        "Jobs", "role",
        "expected arn:<partition>:iam::<account>:role/<name>, the role of the containers, found "
          + "'\(jobs.role)'")
    }
    let types = table.instanceType.isEmpty ? jobs.instanceType : table.instanceType
    guard types.isEmpty || InstanceSize.isName(types) else {
      throw SettingError(
        "SageMaker", "instance_type",
        "expected a machine of SageMaker, such as ml.m5.large, found '\(types)'")
    }
    guard !table.spot || table.keepAlive == 0 else {
      throw SettingError(
        "SageMaker", "keep_alive_seconds",
        "expected 0 with spot = true: SageMaker keeps no spot machine warm, found \(table.keepAlive)"
      )
    }
    let bucket = try session.settings.string("AWS", "s3_bucket_name")
    let prefix = try session.settings.string("AWS", "s3_prefix").split(separator: "/")
      .joined(separator: "/")
    let place = [bucket, prefix, "jobs/training"].filter { !$0.isEmpty }.joined(separator: "/")
    return SageMakerSettings(
      image: jobs.image, role: jobs.role, instanceType: types.isEmpty ? nil : types,
      volumeSize: jobs.volumeSize, keepAliveSeconds: table.keepAlive, isSpot: table.spot,
      longestWait: table.spotWait * 60, longestSeconds: jobs.longestMinutes * 60,
      output: "s3://\(place)", region: try session.awsSettings().region(for: "sagemaker"),
      tags: try session.resourceTags().values.merging(
        ["atelier:workshop": session.workshop.name]) { $1 })
  }
}
