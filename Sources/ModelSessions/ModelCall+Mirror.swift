// The mirror of decisions in SageMaker's registry, after each decision.
import AWS
import CommandLine
import HTTP
import ModelPackages
import Models
import Project
import S3
import Terminal
import Workflows

extension ModelCall {
  /// Brings the mirror to what the registry says; the exit code.
  ///
  /// The decision stands, whatever becomes of the mirror: a failure is told, and the next decision, or
  /// `atelier model add` of any model, repairs it.
  package func mirror() throws -> Int32 {
    let group = table.modelGroup
    guard !group.isEmpty else { return ExitCode.success }
    guard try session.usesBucket() else {
      output.message(
        "not mirrored in the group \(group): only a registry in a bucket is ([Atelier] store = s3)")
      return ExitCode.success
    }
    do {
      let services = try WorkflowServices(
        session.awsSettings(), isCancelled: { [signals] in signals.token.isCancelled })
      let mirror = ModelMirror(
        services.sagemaker, group: group, tags: try session.resourceTags().values,
        serving: archived)
      let changes = try mirror.update(registry.all().values)
      if changes.made + changes.changed > 0 {
        output.message(
          "group \(group): \(Text.count(changes.made, "package")) added, \(changes.changed) changed"
        )
      }
      return ExitCode.success
    } catch {
      output.error(
        "atelier: the decision is recorded, but its mirror in the group \(group) is not: \(error)\(advice(error)); "
          + "the next decision mirrors it too, or: atelier model add DIGEST")
      return ExitCode.storeUnusable
    }
  }

  /// The image that serves a model and the archive that it unpacks, which is put into the bucket; nil without
  /// `[Jobs] image`.
  private func archived(_ entry: ModelEntry) throws -> (image: String, data: String)? {
    let image = try session.settings.string("Jobs", "image")
    guard !image.isEmpty else { return nil }
    try shared?.fetch(entry.model)
    let bytes = try FileSystem.read(store.layout.blob(entry.model.digest))
    let bucket = try session.settings.string("AWS", "s3_bucket_name")
    let prefix = try session.settings.string("AWS", "s3_prefix").split(separator: "/")
    let key = (prefix.map(String.init) + ["models", entry.model.digest.hex, "model.tar.gz"])
      .joined(separator: "/")
    let use = RemoteUse(
      cache: .rw, isRequired: true, isCancelled: { [signals] in signals.token.isCancelled })
    try session.client(bucket, session.awsSettings(), use).put(
      ModelArchive.bytes(of: bytes), key: key, contentType: "application/gzip")
    return (image, "s3://\(bucket)/\(key)")
  }

  private func advice(_ error: any Error) -> String { (error as? ServiceFault)?.advice ?? "" }
}
