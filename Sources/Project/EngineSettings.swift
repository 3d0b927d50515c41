// The configuration keys that every workshop shares: where results are kept, how many at a time.
import Atelier

package enum EngineSettings {
  /// Those that a workshop does not declare itself.
  package static func beside(_ settings: [Setting]) -> [Setting] {
    all.filter { own in
      !settings.contains { $0.section == own.section && $0.key == own.key }
    }
  }

  /// Whether a setting says where results are kept, not what they are.
  package static func names(_ setting: Setting) -> Bool {
    all.contains { $0.section == setting.section && $0.key == setting.key }
  }

  private static let all: [Setting] = [
    Setting(
      "Atelier", "store", default: "local",
      "where results are kept: local, or s3 (a bucket that machines share, and the local folder)"),
    Setting(
      "Atelier", "root", default: ".store",
      "folder of a local store; relative to the project's root"),
    Setting(
      "Atelier", "shared", default: "",
      "folder that machines share, such as one of a cluster; results are kept there, too"),
    Setting(
      "Atelier", "engine", default: "local",
      "where steps run: local, or slurm (as jobs of a cluster, which needs shared)"),
    Setting("Atelier", "max_running", default: "200", "tasks of an engine that run at a time"),
    Setting(
      "Atelier", "group_seconds", default: "60",
      "steps of known length are put into one job up to so many seconds"),
    Setting(
      "Atelier", "here_seconds", default: "0.5",
      "steps known to take less run on this machine: waiting for a job takes longer"),
    Setting(
      "Atelier", "engine_retries", default: "3",
      "how often a step is tried elsewhere after a fault of a node"),
    Setting(
      "Atelier", "lease_seconds", default: "60",
      "seconds that a lease lives without renewal; work without a heartbeat for three of them is given up"
    ),
    Setting("Slurm", "partition", default: "", "partition; empty: the cluster's default"),
    Setting("Slurm", "account", default: "", "account to charge; empty: the user's default"),
    Setting("Slurm", "qos", default: "", "quality of service; empty: the default"),
    Setting("Slurm", "constraint", default: "", "features that a node must have"),
    Setting("Slurm", "arguments", default: "", "more arguments of sbatch, such as --exclusive"),
    Setting(
      "Slurm", "setup", default: "",
      "lines of shell before the program, such as module load; they may not change results"),
    Setting(
      "Slurm", "scratch", default: "",
      "folder of a node's own files, such as $TMPDIR; empty: SLURM_TMPDIR, TMPDIR or /tmp"),
    Setting(
      "Slurm", "poll_seconds", default: "0",
      "seconds between two queries; 0: from 1 to 15, by how long one takes"),
    Setting("Atelier", "jobs", default: "0", "steps at a time; 0: as many as there are cores"),
    Setting(
      "Atelier", "log_limit", default: "64",
      "MiB that the log of a step keeps; what a step prints beyond is left out"),
    Setting("AWS", "s3_bucket_name", default: "", "bucket of store = s3"),
    Setting("AWS", "s3_prefix", default: "", "prefix within the bucket"),
    Setting("AWS", "cfn_stack_id", default: "", "CloudFormation stack behind the bucket"),
    Setting("AWS", "region", default: "", "region; empty: that of the environment or profile"),
    Setting(
      "AWS", "endpoint_url", default: "",
      "another S3 endpoint; empty: that of the environment or profile, else AWS"),
    Setting(
      "AWS", "profile", default: "",
      "profile of the shared AWS files; empty: that of the environment"),
  ]
}
