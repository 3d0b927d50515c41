// Where a workshop's deliveries go: the bucket and the prefix of its configuration.
import Atelier

/// `[AWS] s3_bucket_name` and `s3_prefix`, each with the workshop's own default.
public struct BucketSettings: SettingsGroup {
  /// The bucket's name.
  @Setting public var bucket: String
  /// The prefix of all deliveries.
  @Setting public var prefix: KeyPrefix

  /// Settings with these defaults.
  public init(bucket: String, prefix: String) {
    _bucket = Setting(
      wrappedValue: bucket, "AWS", "s3_bucket_name", "bucket of the deliveries")
    _prefix = Setting(
      wrappedValue: KeyPrefix(settingText: prefix), "AWS", "s3_prefix", "prefix in the bucket")
  }

  /// The place of a delivery; a tree keeps the names of its files.
  public func place(_ dataset: String, _ fileName: String = "") -> Publication {
    Publication(bucket: bucket, prefix: prefix.text, dataset: dataset, fileName: fileName)
  }
}
