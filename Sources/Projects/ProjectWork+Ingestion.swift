// The ingestion of a project: deployed, found again and removed as a stack of its own.
import AccountDeployment
import Content
import ProjectTemplates
import ServiceNames

extension ProjectWork {
  /// Deploys an ingestion for a project; whether something was changed.
  ///
  /// `template` is asked with the project's tags.
  package func ingest(
    _ project: String, values: [String: String],
    template: ([String: String]) throws -> String, say: (String) -> Void
  ) throws -> (stack: PresentStack, isNew: Bool) {
    let found = try sound(project)
    guard let group = values["FeatureGroupName"], !group.isEmpty else {
      throw AccountRefusal("name the feature group: -p FeatureGroupName=NAME")
    }
    let custom = Self.custom(found)
    var values = values
    values["PipelineNamePrefix"] = try pipelinePrefix(project, group, values)
    let stack = AccountStack(
      name: try stackName(project, group), kind: .ingestion, template: try template(custom),
      parameters: values.merging([
        "SageMakerProjectName": project, "SageMakerProjectId": found.id,
      ]) { $1 },
      tags: custom.merging([
        AccountTags.set: set.name, AccountTags.kind: AccountStack.Kind.ingestion.rawValue,
        "CostCenter": found.costCenter,
      ]) { $1 })
    if let present = try account.find(stack.name), try account.isCurrent(stack, present) {
      return (present, false)
    }
    return (try account.deploy(stack, say: say), true)
  }

  /// Removes an ingestion of a project; the name of its pipeline, nil where there was none.
  package func endIngestion(
    of project: String, group: String?, say: (String) -> Void
  ) throws -> String? {
    let all = try ingestions(of: project).filter {
      group == nil || $0.parameters["FeatureGroupName"] == group
    }
    guard let first = all.first else { return nil }
    guard all.count == 1 else {
      let names = all.compactMap { $0.parameters["FeatureGroupName"] }.joined(separator: ", ")
      throw AccountRefusal(
        "the project \(project) has \(all.count) ingestions; choose one with --feature-group: \(names)"
      )
    }
    try end(first, say: say)
    return Self.pipeline(first)
  }

  /// The ingestions of a project.
  package func ingestions(of project: String) throws -> [PresentStack] {
    try account.all().filter {
      $0.kind == .ingestion && $0.set == set.name
        && $0.parameters["SageMakerProjectName"] == project
    }
  }

  /// The name of the pipeline of an ingestion.
  package static func pipeline(_ ingestion: PresentStack) -> String {
    ingestion.outputs["PipelineName"] ?? ingestion.name
  }

  /// Removes an ingestion.
  func end(_ ingestion: PresentStack, say: (String) -> Void) throws {
    let left = try account.remove(ingestion.name, say: say)
    guard left.isEmpty else {
      throw AccountRefusal("left of the ingestion: \(left.joined(separator: ", "))")
    }
    say("removed the ingestion \(Self.pipeline(ingestion))")
  }

  /// The beginning of the name of a pipeline: the one that is given, else that of the deployed ingestion of
  /// the group, else the template's own; behind another ingestion of the project, with the group's name.
  private func pipelinePrefix(
    _ project: String, _ group: String, _ values: [String: String]
  ) throws -> String? {
    let all = try ingestions(of: project)
    let key = "PipelineNamePrefix"
    let standard = IngestionTemplate.pipelinePrefix
    let own = all.first { $0.parameters["FeatureGroupName"] == group }
    let others = all.filter { $0.parameters["FeatureGroupName"] != group }
    func holder(of prefix: String) -> PresentStack? {
      others.first { ($0.parameters[key] ?? standard) == prefix }
    }
    if let given = values[key] {
      guard let other = holder(of: given) else { return given }
      throw AccountRefusal(
        "the pipeline of the ingestion of \(other.parameters["FeatureGroupName"] ?? other.name) begins with "
          + "'\(given)', too; give another PipelineNamePrefix")
    }
    if let own { return own.parameters[key] }
    return holder(of: standard) == nil ? nil : "\(standard)-\(group)"
  }

  private func stackName(_ project: String, _ group: String) throws -> String {
    "\(set.prefix)-ingestion-" + (try ServiceName.cut("\(project)-\(group)", to: 60))
  }
}
