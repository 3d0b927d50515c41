// The configuration keys that every workshop shares: where results are kept, how many at a time.
import Accounts
import Atelier
import Configuration
import Promotion

/// Where results are kept and steps run: `[Atelier]` of every workshop.
package struct StoreSettings: SettingsTable {
  @Setting(
    "Atelier", "store",
    "where results are kept: local, or s3 (a bucket that machines share, and the local folder)")
  package var store = Store.local
  @Setting("Atelier", "root", "folder of a local store; relative to the project's root")
  package var root = ".store"
  @Setting(
    "Atelier", "shared",
    "folder that machines share, such as one of a cluster; results are kept there, too")
  package var shared = ""
  @Setting(
    "Atelier", "engine",
    "where steps run: local, slurm (as jobs of a cluster, which needs shared), or sagemaker (as jobs of "
      + "SageMaker, which needs store = s3)")
  package var engine = Engine.local
  @Setting("Atelier", "jobs", "steps at a time; 0: as many as there are cores", in: 0...1024)
  package var jobs = 0
  @Setting(
    "Atelier", "log_limit",
    "MiB that the log of a step keeps; what a step prints beyond is left out", in: 1...1 << 20)
  package var logLimit = 64

  package init() {}

  package enum Store: String, SettingChoice { case local, s3 }
  package enum Engine: String, SettingChoice { case local, slurm, sagemaker }
}

/// How steps run on a cluster.
struct ClusterTable: SettingsTable {
  @Setting("Atelier", "max_running", "tasks of an engine that run at a time", in: 1...1_000_000)
  var mostRunning = 200
  @Setting(
    "Atelier", "group_seconds",
    "steps of known length are put into one job up to so many seconds", in: 0...1e6)
  var groupSeconds = 60.0
  @Setting(
    "Atelier", "here_seconds",
    "steps known to take less run on this machine: waiting for a job takes longer", in: 0...1e6)
  var hereSeconds = 0.5
  @Setting(
    "Atelier", "engine_retries", "how often a step is tried elsewhere after a fault of a node",
    in: 0...100)
  var retries = 3
  @Setting(
    "Atelier", "lease_seconds",
    "seconds that a lease lives without renewal; work without a heartbeat for three of them is given up",
    in: 1...86_400)
  var leaseSeconds = 60.0
  @Setting("Slurm", "partition", "partition; empty: the cluster's default")
  var partition = ""
  @Setting("Slurm", "account", "account to charge; empty: the user's default")
  var account = ""
  @Setting("Slurm", "qos", "quality of service; empty: the default")
  var qos = ""
  @Setting("Slurm", "constraint", "features that a node must have")
  var constraint = ""
  @Setting("Slurm", "arguments", "more arguments of sbatch, such as --exclusive")
  var arguments = ""
  @Setting(
    "Slurm", "setup",
    "lines of shell before the program, such as module load; they may not change results")
  var setup = ""
  @Setting(
    "Slurm", "scratch",
    "folder of a node's own files, such as $TMPDIR; empty: SLURM_TMPDIR, TMPDIR or /tmp")
  var scratch = ""
  @Setting(
    "Slurm", "poll_seconds", "seconds between two queries; 0: from 1 to 15, by how long one takes",
    in: 0...3600)
  var pollSeconds = 0.0
}

/// How steps run as training jobs of SageMaker.
struct SageMakerTable: SettingsTable {
  @Setting(
    "SageMaker", "instance_type",
    "machine of every task, such as ml.m5.large; empty: the smallest that has what its steps reserve"
  )
  var instanceType = ""
  @Setting(
    "SageMaker", "keep_alive_seconds",
    "seconds that a machine waits for the next task of its kind (a warm pool); 0: none",
    in: 0...3600)
  var keepAlive = 0
  @Setting(
    "SageMaker", "spot",
    "whether machines may be taken away at any time, for a lower price; not with keep_alive_seconds"
  )
  var spot = false
  @Setting(
    "SageMaker", "spot_wait_minutes", "minutes that a task may wait for such a machine",
    in: 0...7200)
  var spotWait = 1440

  init() {}
}

/// 12 digits, of which the last seven may be `*`, or nothing.
private struct AccountNumber: SettingValue {
  static let expected = "the 12 digits of an account (of the last seven each may be *), or nothing"
  var settingText = ""

  init() {}

  init?(settingText: String) {
    let digits = settingText.utf8.prefix { (48...57).contains($0) }.count
    let isMasked = settingText.utf8.dropFirst(digits).allSatisfy { $0 == UInt8(ascii: "*") }
    guard settingText.isEmpty || (settingText.utf8.count == 12 && digits >= 5 && isMasked) else {
      return nil
    }
    self.settingText = settingText
  }
}

/// What documents for AWS say of the jobs in them, `atelier compile`.
package struct JobTable: SettingsTable {
  @Setting("Jobs", "image", "image of Atelier in a registry; empty: each execution gives it")
  package var image = ""
  @Setting("Jobs", "role", "ARN of the containers' role; empty: each execution gives it")
  package var role = ""
  @Setting(
    "Jobs", "instance_type",
    "machine of every job, such as ml.m5.large; empty: the smallest that has what the steps reserve"
  )
  package var instanceType = ""
  @Setting(
    "Jobs", "instance_types", "machines of some jobs or stages, such as train=ml.c5.2xlarge, ...")
  package var instanceTypes = ""
  @Setting("Jobs", "volume_size_gb", "GiB of a machine's disk", in: 1...16_384)
  package var volumeSize = 30
  @Setting(
    "Jobs", "longest_minutes", "minutes of a job with a step that has no timeout", in: 1...7200)
  package var longestMinutes = 1440
  @Setting(
    "Jobs", "workflow_role",
    "ARN of the role that `atelier workflow` gives state machines and pipelines")
  package var workflowRole = ""
  @Setting(
    "Jobs", "trigger_role", "ARN of the role with which EventBridge starts a workflow")
  package var triggerRole = ""

  package init() {}
}

/// The bucket and how it is reached; a workshop may declare these itself, with defaults of its own.
private struct BucketTable: SettingsTable {
  @Setting("AWS", "s3_bucket_name", "bucket of store = s3")
  var bucket = ""
  @Setting("AWS", "s3_prefix", "prefix within the bucket")
  var prefix = ""
  @Setting("AWS", "cfn_stack_id", "CloudFormation stack behind the bucket")
  var stack = ""
  @Setting("AWS", "region", "region; empty: that of the environment or profile")
  var region = ""
  @Setting(
    "AWS", "endpoint_url",
    "another S3 endpoint; empty: that of the environment or profile, else AWS")
  var endpoint = ""
  @Setting(
    "AWS", "profile", "profile of the shared AWS files; empty: that of the environment")
  var profile = ""
  @Setting(
    "AWS", "account",
    "account that credentials must belong to, checked before their first use; empty: any")
  var account = AccountNumber()
  @Setting(
    "AWS", "tags", "tags of all that is created, such as CostCenter=123, Team=forecast")
  var tags = ""
  @Setting(
    "AWS", "session_tags",
    "tags of the session of a role that the profile assumes, such as Project=churn")
  var sessionTags = ""
}

/// The keys of every workshop.
package enum EngineSettings {
  /// Those that a workshop does not declare itself.
  package static func beside(_ settings: [SettingDeclaration]) -> [SettingDeclaration] {
    all.filter { own in
      !settings.contains { $0.section == own.section && $0.key == own.key }
    }
  }

  /// Whether a setting says where results are kept, not what they are.
  package static func names(_ setting: SettingDeclaration) -> Bool {
    all.contains { $0.section == setting.section && $0.key == setting.key }
  }

  /// The account that credentials must belong to; empty for any.
  static func account(_ configuration: Configuration) throws -> String {
    try BucketTable(reading: configuration).account.settingText
  }

  /// The tags of all that is created.
  static func tags(_ configuration: Configuration) throws -> String {
    try BucketTable(reading: configuration).tags
  }

  /// The tags of sessions of roles.
  static func sessionTags(_ configuration: Configuration) throws -> String {
    try BucketTable(reading: configuration).sessionTags
  }

  private static let all =
    StoreSettings.declarations + ClusterTable.declarations + SageMakerTable.declarations
    + JobTable.declarations
    + BucketTable.declarations + PlatformTable.declarations + AccountsTable.declarations
    + PromotionTable.declarations
}
