// What the configuration says of jobs, checked: image, role, place and machines.
import Atelier
import CommandLine
import Compile
import Jobs
import Project
import Registry

/// `[Jobs]` and `[AWS]` of a session, for the jobs of a document.
package struct JobConfiguration {
  let session: Session
  /// The training with a built-in algorithm, whose image is found by the region.
  let training: BuiltInTraining?

  /// The jobs of a session's documents; `training` follows them where it is given.
  package init(session: Session, training: BuiltInTraining?) {
    self.session = session
    self.training = training
  }

  /// The image of the built-in algorithm; nil where an execution must give it.
  private func trainingImage(region: String) throws -> String? {
    guard let training else { return nil }
    if let image = training.image {
      do {
        if !region.isEmpty { try BuiltInImage.check(image, region: region) }
      } catch {
        throw UsageError("\(error)")
      }
      return image
    }
    guard !region.isEmpty else { return nil }
    do {
      return try BuiltInImage.path(
        repository: training.repository, version: training.version, region: region)
    } catch {
      throw UsageError("[AWS] region: \(error)")
    }
  }

  /// Refuses what is not the name of an image, or one that jobs in the region cannot pull.
  package static func check(image: String, of source: String, region: String) throws {
    let isPlain = image.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "./:_-@".utf8.contains(byte)
      }
    }
    let parts = image.split(separator: "/", omittingEmptySubsequences: false)
    guard isPlain, parts.allSatisfy({ !$0.isEmpty && $0.first != ":" && $0.last != ":" }) else {
      throw UsageError(
        "\(source): expected an image of a registry, such as registry.example.com/atelier:1, found "
          + "'\(image)'")
    }
    guard !region.isEmpty else { return }
    do {
      try BuiltInImage.check(image, region: region)
    } catch {
      throw UsageError("\(source): \(error)")
    }
  }

  /// Image, role, place and machines of jobs by the configuration.
  package func settings() throws -> JobSettings {
    let table = try JobTable(reading: session.configuration)
    func aws(_ key: String) throws -> String { try session.settings.string("AWS", key) }
    let bucket = try aws("s3_bucket_name")
    guard !bucket.isEmpty else {
      throw UsageError(
        "[AWS] s3_bucket_name is empty; name the bucket that jobs keep results and requests in")
    }
    guard Self.isBucket(bucket) else {
      throw UsageError(
        "[AWS] s3_bucket_name: expected 3 to 63 small letters, digits, '.' and '-', the first and last "
          + "no sign, found '\(bucket)'")
    }
    var types: [String: String] = [:]
    for pair in table.instanceTypes.split(separator: ",") {
      // Blanks may stand around names and types, as in lists elsewhere.
      let parts = pair.filter { $0 != " " }
        .split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError(
          "[Jobs] instance_types: expected NAME=TYPE, such as train=ml.c5.2xlarge, found '\(pair)'")
      }
      guard types.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw UsageError("[Jobs] instance_types: '\(parts[0])' is given twice; leave out one")
      }
    }
    let named = types.sorted { $0.key < $1.key }.map { ("instance_types", $0.value) }
    for (key, type) in named + [("instance_type", table.instanceType)] where !type.isEmpty {
      guard InstanceSize.isName(type) else {
        throw UsageError(
          "[Jobs] \(key): expected a machine of SageMaker, such as ml.m5.large, found '\(type)'")
      }
    }
    guard table.role.isEmpty || RequestOperation.isRole(table.role) else {
      throw UsageError(
        "[Jobs] role: expected arn:<partition>:iam::<account>:role/<name>, found '\(table.role)'")
    }
    let prefix = try aws("s3_prefix").split(separator: "/").joined(separator: "/")
    // In a policy `*` and `?` stand for anything, in documents `${}` and quotes have a meaning.
    if let sign = prefix.first(where: { "*?${}'\"\\".contains($0) || $0.isNewline }) {
      throw UsageError(
        "[AWS] s3_prefix: '\(prefix)' holds '\(sign)', which has a meaning in policies and documents; "
          + "choose a prefix without")
    }
    let region = try aws("region")
    if !table.image.isEmpty {
      try Self.check(image: table.image, of: "[Jobs] image", region: region)
    }
    var settings = JobSettings(
      image: table.image.isEmpty ? nil : table.image,
      role: table.role.isEmpty ? nil : table.role, bucket: bucket, prefix: prefix,
      region: region, trainingImage: try trainingImage(region: region),
      instanceType: table.instanceType.isEmpty ? nil : table.instanceType, instanceTypes: types,
      volumeSize: table.volumeSize, longestSeconds: table.longestMinutes * 60)
    settings.tags = try session.resourceTags().values
    settings.name = try session.workshop.nameOnAWS(session.configuration)
    return settings
  }

  /// Whether S3 takes the name of a bucket.
  private static func isBucket(_ name: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    let bytes = Array(name.utf8)
    return (3...63).contains(bytes.count) && isPlain(bytes[0]) && isPlain(bytes[bytes.count - 1])
      && bytes.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }
}
