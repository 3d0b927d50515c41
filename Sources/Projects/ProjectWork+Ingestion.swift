// The ingestion of a project: deployed, found again and removed as a stack of its own.
import AccountDeployment
import Content
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
    let all = try account.all().filter {
      $0.kind == .ingestion && $0.set == set.name
        && $0.parameters["SageMakerProjectName"] == project
        && (group == nil || $0.parameters["FeatureGroupName"] == group)
    }
    guard let first = all.first else { return nil }
    guard all.count == 1 else {
      let names = all.compactMap { $0.parameters["FeatureGroupName"] }.joined(separator: ", ")
      throw AccountRefusal(
        "the project \(project) has \(all.count) ingestions; choose one with --feature-group: \(names)"
      )
    }
    let left = try account.remove(first.name, say: say)
    guard left.isEmpty else {
      throw AccountRefusal("left of the ingestion: \(left.joined(separator: ", "))")
    }
    return first.outputs["PipelineName"] ?? first.name
  }

  private func stackName(_ project: String, _ group: String) throws -> String {
    "\(set.prefix)-ingestion-" + (try ServiceName.cut("\(project)-\(group)", to: 60))
  }
}
