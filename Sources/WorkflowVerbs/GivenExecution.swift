// Image, roles and image of an algorithm by the options of a call, over the settings; what is missing.
import CommandLine
import Compile
import CompileVerbs
import Jobs
import Project

/// What the options of a call say of the jobs; options win over settings.
struct GivenExecution {
  private let image: String?
  private let role: String?
  private let trainingImage: String?

  /// Reads and checks the options.
  init(_ call: Call, _ session: Session) throws {
    func given(_ option: Option<String>) -> String? {
      call[option].flatMap { $0.isEmpty ? nil : $0 }
    }
    image = given(WorkflowOptions.image)
    role = given(WorkflowOptions.role)
    trainingImage = given(WorkflowOptions.trainingImage)
    let region = try session.settings.string("AWS", "region")
    if let image { try JobConfiguration.check(image: image, of: "--image", region: region) }
    if let trainingImage {
      try JobConfiguration.check(image: trainingImage, of: "--training-image", region: region)
    }
    if let role, !RequestOperation.isRole(role) {
      throw UsageError(
        "--role: expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
  }

  /// For a plan without a training with a built-in algorithm, where nothing would use the image.
  func refuseTrainingImage() throws {
    guard trainingImage == nil else {
      throw UsageError(
        "--training-image is for --training built-in; leave out --training-image, or add "
          + "--training built-in")
    }
  }

  /// The settings with what is given in place of what they have.
  ///
  /// What they lack stays a parameter, so that another image needs no other definition.
  func over(_ settings: JobSettings) -> JobSettings {
    var settings = settings
    if let image, settings.image != nil { settings.image = image }
    if let role, settings.role != nil { settings.role = role }
    if let trainingImage, settings.trainingImage != nil { settings.trainingImage = trainingImage }
    return settings
  }

  /// The values of an execution's parameters; adds those that nobody names to `missing`.
  func input(
    _ parameters: [String], missing: inout [MissingSetting]
  ) throws -> [String: String] {
    let values: [(parameter: String, value: String?, setting: MissingSetting)] = [
      (JobSettings.imageParameter, image, .image), (JobSettings.roleParameter, role, .role),
      (JobSettings.trainingImageParameter, trainingImage, .trainingImage),
    ]
    var input: [String: String] = [:]
    for (parameter, value, setting) in values where parameters.contains(parameter) {
      if let value { input[parameter] = value } else { missing.append(setting) }
    }
    return input
  }
}

/// A setting that a workflow cannot do without.
struct MissingSetting {
  let setting: String
  /// The option with its value, as it is typed.
  let option: String

  private static let anyRole = "arn:aws:iam::<account>:role/<name>"

  static let workflowRole = MissingSetting(
    setting: "[Jobs] workflow_role", option: "--workflow-role \(anyRole)")
  static let triggerRole = MissingSetting(
    setting: "[Jobs] trigger_role", option: "--trigger-role \(anyRole)")
  static let image = MissingSetting(
    setting: "[Jobs] image", option: "--image <host>/<repository>:<tag>")
  static let role = MissingSetting(setting: "[Jobs] role", option: "--role \(anyRole)")
  static let trainingImage = MissingSetting(
    setting: "[AWS] region, which decides the image of the algorithm,",
    option: "--training-image <host>/<repository>:<tag>")

  /// One error for all that is missing.
  static func error(_ missing: [MissingSetting]) -> UsageError {
    let parts = missing.map { "\($0.setting) is empty; set it, or add \($0.option)" }
    let needsRole = missing.contains { $0.option.hasSuffix(anyRole) }
    return UsageError(
      parts.joined(separator: ". ")
        + (needsRole
          ? ". `atelier compile cloudformation` prints the roles of workflow and jobs" : ""))
  }
}
