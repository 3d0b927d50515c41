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
