// What the verbs of the stack take from a session: settings of AWS, the stack's name, config.ini.
import AWS
import Atelier
import Project
import Stack

extension Session {
  /// Clients of the services behind a stack, which end with the signals.
  ///
  /// `changes` tells whether the verb makes or removes anything; a debug build does so on this
  /// machine only.
  func stackServices(_ signals: Signals, changes: Bool) throws -> StackServices {
    let aws = try stackSettings()
    let services = try StackServices(aws, isCancelled: { signals.token.isCancelled })
    if changes {
      for service in [services.cloud.service, services.fileSystems.service] {
        try Self.refuseDebugBuild(service.base, "makes and removes stacks")
      }
    }
    return services
  }

  /// What the configuration and the surroundings say of AWS; without a region the guide's own.
  private func stackSettings() throws -> AWSSettings {
    let aws = try awsSettings()
    guard aws.region == nil, try aws.endpoint(of: "cloudformation") == nil else { return aws }
    let region = "us-west-2"
    output.message(
      "note: no region is set; using \(region), as the guide's scripts do ([AWS] region, AWS_REGION or "
        + "REGION_NAME name another)")
    return try awsSettings(region: region)
  }

  /// The stack that config.ini names, or else the one that `stack deploy` would make.
  func stackID(_ name: String?) throws -> String {
    if let name { return name }
    let id = try settings.string("AWS", "cfn_stack_id")
    return id.isEmpty ? "atelier-\(workshop.name)" : id
  }

  /// `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID` is NAME; a name is itself.
  static func stackName(_ id: String) -> String {
    let parts = id.split(separator: "/")
    return id.hasPrefix("arn:") && parts.count > 1 ? String(parts[1]) : id
  }
}
