// The store that a session shares with other machines: which bucket, and how to reach it. Nothing is
// sent here.
import AWS
import Atelier
import CSystem
import CommandLine
import Execution
import FolderStores
import HTTP
import Inbox
import LocalStores
import Names
import Publishing
import RemoteCache
import RemoteSources
import S3
import S3Store

/// What a call may do with a shared store.
package struct RemoteUse {
  /// Verbs that only look may read there.
  package var cache = RunOptions.CacheMode.ro
  /// Whether an outage ends the run.
  package var isRequired = false
  /// Whether the bucket is meant although results are kept on this machine only.
  package var isAskedFor = false
  package var isCancelled: @Sendable () -> Bool = { false }
  /// By itself an endpoint that is down is given about half a minute, once in a run.
  package var retries: RetryPolicy = {
    var retries = RetryPolicy()
    retries.attempts = 5
    retries.patience = 30
    return retries
  }()

  package init(
    cache: RunOptions.CacheMode = .ro, isRequired: Bool = false, isAskedFor: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.cache = cache
    self.isRequired = isRequired
    self.isAskedFor = isAskedFor
    self.isCancelled = isCancelled
  }
}

/// What stands behind a local store.
package struct RemoteParts {
  /// nil where this call uses no cache.
  package let shared: SharedStore?
  package let published: any PublishTarget
}

extension Session {
  /// Whether results are kept in a bucket, too.
  package func usesBucket() throws -> Bool {
    try storeSettings().store == .s3
  }

  /// The parts for a local store; nil where results stay on this machine.
  ///
  /// Requests end when the use is cancelled.
  package func remote(
    _ local: LocalStore, _ use: RemoteUse
  ) throws -> RemoteParts? {
    if let folder = try sharedFolder() {
      return try remote(local, folder, use)
    }
    guard try use.isAskedFor || usesBucket() else { return nil }
    let bucket = try settings.string("AWS", "s3_bucket_name")
    guard !bucket.isEmpty else {
      throw SettingError(
        "AWS", "s3_bucket_name",
        (use.isAskedFor ? "this verb" : "[Atelier] store = s3") + " needs a bucket; set one: "
          + "atelier config set AWS.s3_bucket_name=NAME")
    }
    // With a slash it would be a bucket and a prefix in a URL, and a bucket with neither in a signature.
    guard bucket.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"/?#%\\".utf8.contains($0) }) else {
      throw SettingError(
        "AWS", "s3_bucket_name",
        "'\(bucket)' is not a bucket's name; what comes before the names of objects goes into "
          + "[AWS] s3_prefix")
    }
    let aws = try awsSettings()
    let clients = BucketClients { try self.client($0, aws, use) }
    let client = try clients.client(of: bucket)
    try Self.refuseDebugBuild(client.location.endpoint, "shares results")
    let prefix = try settings.string("AWS", "s3_prefix")
    let shared =
      use.cache == .off
      ? nil
      : try SharedStore(
        local: local, remote: BucketStore(client: client, prefix: prefix),
        mode: use.cache == .rw ? .readWrite : .readOnly, host: host, isRequired: use.isRequired,
        leaseTimes: LeaseTimes(lifetime: try cluster().settings.milliseconds))
    // A run says it in its own way.
    let output = output
    shared?.setTalk { output.message("note: \($0)") }
    return RemoteParts(
      shared: shared,
      published: BucketExports(
        local: local, clients: clients, home: S3URL(bucket: bucket, key: prefix)))
  }

  private func remote(
    _ local: LocalStore, _ folder: FolderStore, _ use: RemoteUse
  ) throws -> RemoteParts {
    guard use.cache != .off else {
      return RemoteParts(shared: nil, published: PublishedFolder(local))
    }
    let shared = try SharedStore(
      local: local, remote: folder, mode: use.cache == .rw ? .readWrite : .readOnly, host: host,
      isRequired: use.isRequired,
      leaseTimes: LeaseTimes(lifetime: try cluster().settings.milliseconds))
    let output = output
    shared.setTalk { output.message("note: \($0)") }
    return RemoteParts(shared: shared, published: PublishedFolder(local))
  }

  /// A way to objects in buckets and on the platform that a graph names as sources; nothing is sent yet.
  ///
  /// `sights` are those objects that were looked at a moment ago.
  package func sources(
    _ local: LocalStore, _ use: RemoteUse = RemoteUse(), sights: [ObjectMetadata] = []
  ) -> any SourceObjects {
    RoutedSources(
      buckets: BucketSources(
        local: local, clients: BucketClients { try client($0, awsSettings(), use) },
        seen: sights, clock: { Double(cs_wall_clock()) / 1e9 }),
      platform: platformSources(local, use))
  }

  /// A prefix of a bucket at which files arrive; `local` takes their bytes.
  package func landing(
    _ local: LocalStore, at place: S3URL, _ use: RemoteUse
  ) throws -> any InboxLocation {
    try BucketInbox(
      at: place, clients: BucketClients { try client($0, awsSettings(), use) },
      sources: sources(local, use), local: local)
  }

  /// What the configuration and the surroundings say of AWS; another region where one is given.
  package func awsSettings(region: String? = nil) throws -> AWSSettings {
    try AWSSettings(
      environment: environmentVariables, profile: try settings.string("AWS", "profile"),
      region: try region ?? settings.string("AWS", "region"),
      endpoint: try settings.string("AWS", "endpoint_url"),
      account: try EngineSettings.account(configuration), sessionTags: try sessionTags())
  }

  /// A client of a bucket.
  package func client(
    _ bucket: String, _ aws: AWSSettings, _ use: RemoteUse
  ) throws -> S3Client {
    let http = HTTPSettings.service()
    return try S3Client(
      bucket: bucket, settings: aws, http: http, retries: use.retries,
      credentials: context.credentials.provider(aws, http)
    ).cancelled(by: use.isCancelled)
  }

  /// The results of a debug build must not be taken for those of the code, least of all by others.
  package static func refuseDebugBuild(_ endpoint: ServiceURL, _ act: String) throws {
    #if DEBUG
      guard endpoint.isOnThisMachine else {
        throw UsageError(
          "a debug build \(act) through an endpoint on this machine only, not \(endpoint.host); "
            + "type `make build` and use .build/release/atelier")
      }
    #endif
  }
}
