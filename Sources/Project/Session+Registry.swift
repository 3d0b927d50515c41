// The registry of models that a session means: beside the results, where these are shared.
import CommandLine
import EventLogs
import LocalStores
import Models
import S3
import StoreFolder

extension Session {
  /// The registry that counts: in the bucket or shared folder, if results go there, else in the local store.
  package func registry(_ use: RemoteUse = RemoteUse()) throws -> ModelRegistry {
    if let shared = try sharedRegistry(use) { return shared }
    return try localRegistry()
  }

  /// The registry in the folder of the local store.
  package func localRegistry() throws -> ModelRegistry {
    Self.registry(folder: try storeRoot())
  }

  /// The registry in the bucket or shared folder; nil where results stay here, unless the bucket is asked for.
  package func sharedRegistry(_ use: RemoteUse) throws -> ModelRegistry? {
    if let folder = try sharedFolder() { return Self.registry(folder: folder.name) }
    guard try use.isAskedFor || usesBucket() else { return nil }
    let bucket = try settings.string("AWS", "s3_bucket_name")
    guard !bucket.isEmpty else { return nil }
    return Self.registry(
      bucket: try client(bucket, awsSettings(), use),
      prefix: try settings.string("AWS", "s3_prefix"))
  }

  /// The registry of a store in a folder.
  package static func registry(folder root: String) -> ModelRegistry {
    ModelRegistry(FolderEventLog("\(StoreLayout(root: root).base)/\(ModelRegistry.folder)"))
  }

  /// The registry of a store in a bucket.
  package static func registry(bucket client: S3Client, prefix: String) -> ModelRegistry {
    let parts = prefix.split(separator: "/").map(String.init) + [".atelier", ModelRegistry.folder]
    return ModelRegistry(BucketEventLog(client, path: parts.joined(separator: "/")))
  }
}
