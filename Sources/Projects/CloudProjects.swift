// The projects of an account of AWS, which SageMaker lists and deploys.
import AWS
import AccountDeployment
import CloudFormation
import Content
import HTTP
import S3
import Stack

/// Projects of SageMaker.
package struct CloudProjects: ProjectHost {
  private let account: CloudStacks
  private let service: ServiceClient
  private let words: StackWords
  private let provider: ProjectProvider
  /// The stack of the catalogue, for the product's id.
  private let catalogue: String

  /// `service` is a client of SageMaker.
  package init(
    _ account: CloudStacks, service: ServiceClient, words: StackWords,
    provider: ProjectProvider, catalogue: String
  ) {
    self.account = account
    self.service = service
    self.words = words
    self.provider = provider
    self.catalogue = catalogue
  }

  package func all() throws -> [ProjectRecord] {
    let names = try call {
      try service.pages(
        "SageMaker.ListProjects", "ProjectSummaryList", [:], token: "NextToken")
    }.compactMap { $0["ProjectName"]?.string }
    return try names.compactMap(find)
  }

  package func find(_ name: String) throws -> ProjectRecord? {
    guard let found = try describe(name) else { return nil }
    let arn = found["ProjectArn"]?.string ?? ""
    let tags = try call {
      try service.pages(
        "SageMaker.ListTags", "Tags", ["ResourceArn": .string(arn)], token: "NextToken")
    }
    let values = Dictionary(
      tags.compactMap { tag in tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") } },
      uniquingKeysWith: { $1 })
    let own = found["TemplateProviderDetails"]?.array?.first?["CfnTemplateProviderDetail"]
    let given =
      own?["Parameters"]?.array
      ?? found["ServiceCatalogProvisioningDetails"]?["ProvisioningParameters"]?.array ?? []
    let parameters = Dictionary(
      given.compactMap { one in one["Key"]?.string.map { ($0, one["Value"]?.string ?? "") } },
      uniquingKeysWith: { $1 })
    return ProjectRecord(
      name: name, id: found["ProjectId"]?.string ?? "",
      status: found["ProjectStatus"]?.string ?? "", costCenter: values["CostCenter"] ?? "",
      problem: parameters["ProblemType"] ?? "", inference: parameters["InferenceType"] ?? "",
      description: found["ProjectDescription"]?.string ?? "",
      provider: own == nil ? "catalogue" : "template", tags: values)
  }

  private func describe(_ name: String) throws -> JSONValue? {
    try call {
      do {
        let found = try service.json(
          "SageMaker.DescribeProject", ["ProjectName": .string(name)])
        return found["ProjectStatus"] == "DeleteCompleted" ? nil : found
      } catch let fault as ServiceFault where fault.meansNoSuchProject {
        return nil
      }
    }
  }

  package func create(_ order: ProjectOrder, say: (String) -> Void) throws -> Bool {
    let name = order.wish.name
    var isMade = false
    if try describe(name)?["ProjectStatus"] == "CreateFailed" {
      say("the project \(name) was not made completely before; removing the rest of it")
      try remove(name)
    }
    if try describe(name) == nil {
      try account.put(order.asset)
      isMade = true
      try call {
        do {
          _ = try service.json("SageMaker.CreateProject", try request(order))
        } catch let fault as ServiceFault where fault.meansProjectExists {
          // Another call was faster.
          isMade = false
        }
      }
    }
    let end = try settled(
      name, while: { ["Pending", "CreateInProgress", "UpdateInProgress"].contains($0) })
    guard let end, ["CreateCompleted", "UpdateCompleted"].contains(end["ProjectStatus"]?.string)
    else {
      let reason =
        end?["TemplateProviderDetails"]?.array?.first?["CfnTemplateProviderDetail"]?[
          "StackDetail"]?[
          "StatusMessage"]?.string
        ?? end?["ServiceCatalogProvisionedProductDetails"]?["ProvisionedProductStatusMessage"]?
        .string ?? "SageMaker gives no reason"
      throw AccountRefusal(
        "the project \(name) ended as \(end?["ProjectStatus"]?.string ?? "removed"): \(reason); correct "
          + "the cause, then create it again")
    }
    return isMade
  }

  private func request(_ order: ProjectOrder) throws -> JSONValue {
    var request: [String: JSONValue] = [
      "ProjectName": .string(order.wish.name),
      "Tags": .array(
        order.tags.sorted { $0.key < $1.key }
          .map { ["Key": .string($0.key), "Value": .string($0.value)] }),
    ]
    if !order.wish.description.isEmpty {
      request["ProjectDescription"] = .string(order.wish.description)
    }
    let parameters = order.parameters.sorted { $0.key < $1.key }
      .map { JSONValue.object(["Key": .string($0.key), "Value": .string($0.value)]) }
    switch provider {
    case .template:
      request["TemplateProviders"] = [
        [
          "CfnTemplateProvider": [
            "TemplateName": .string(order.wish.name), "TemplateURL": .string(order.url),
            "RoleARN": .string(order.launchRole), "Parameters": .array(parameters),
          ]
        ]
      ]
    case .catalogue:
      guard let outputs = try account.find(catalogue)?.outputs,
        let product = outputs["ProjectProductId"], let artifact = outputs["ProjectArtifactId"]
      else {
        throw AccountRefusal(
          "\(account.label): there is no stack \(catalogue), which has the product; type: "
            + "atelier accounts deploy")
      }
      request["ServiceCatalogProvisioningDetails"] = [
        "ProductId": .string(product), "ProvisioningArtifactId": .string(artifact),
        "ProvisioningParameters": .array(parameters),
      ]
    }
    return .object(request)
  }

  package func delete(
    _ record: ProjectRecord, buckets: [String], say: (String) -> Void
  ) throws {
    let destruction = StackDestruction(account.services, stack: record.name, words: words)
    for bucket in buckets { try destruction.empty(bucket, say: say) }
    try deleteModels(of: record)
    try remove(record.name)
  }

  private func remove(_ name: String) throws {
    guard let found = try describe(name) else { return }
    if found["ProjectStatus"] != "DeleteInProgress" {
      try call {
        do {
          _ = try service.json("SageMaker.DeleteProject", ["ProjectName": .string(name)])
        } catch let fault as ServiceFault where fault.meansNoSuchProject {
          return
        }
      }
    }
    if let left = try settled(name, while: { $0 == "DeleteInProgress" }) {
      throw AccountRefusal(
        "the project \(name) ended as \(left["ProjectStatus"]?.string ?? "?"): look into its stack in "
          + "CloudFormation, then delete it again")
    }
  }

  /// Looks until a project has another status; nil where it is gone.
  private func settled(_ name: String, while goesOn: (String) -> Bool) throws -> JSONValue? {
    var patience = Patience(longest: 5)
    while true {
      guard let found = try describe(name) else { return nil }
      guard goesOn(found["ProjectStatus"]?.string ?? "") else { return found }
      guard
        account.services.timing.pause(
          patience.seconds, unless: account.services.isCancelled)
      else {
        throw StackFailure.interrupted(
          advice: "SageMaker goes on without us; the same call picks it up again")
      }
      patience.nothingHappened()
    }
  }

  // ---- models ----

  private func models(of record: ProjectRecord) throws -> [String] {
    try call {
      do {
        return try service.pages(
          "SageMaker.ListModelPackages", "ModelPackageSummaryList",
          ["ModelPackageGroupName": .string("\(record.name)-\(record.id)")], token: "NextToken"
        ).compactMap { $0["ModelPackageArn"]?.string }
      } catch let fault as ServiceFault where fault.meansNoSuchProject {
        return []
      }
    }
  }

  package func modelCount(_ record: ProjectRecord) throws -> Int {
    try models(of: record).count
  }

  private func deleteModels(of record: ProjectRecord) throws {
    for arn in try models(of: record) {
      try call {
        _ = try service.json(
          "SageMaker.DeleteModelPackage", ["ModelPackageName": .string(arn)])
      }
    }
  }

  // ---- people ----

  package func closeApps(profile: String, domain: String) throws {
    let studio = account.services.studio
    var patience = Patience(longest: 5)
    while true {
      let apps = try call { try studio.apps(inDomain: domain) }.filter { $0.user == profile }
      guard !apps.isEmpty else { return }
      for app in apps where app.status != "Deleting" { try call { try studio.delete(app) } }
      guard
        account.services.timing.pause(
          patience.seconds, unless: account.services.isCancelled)
      else { throw StackFailure.interrupted(advice: "the same call goes on from here") }
      patience.nothingHappened()
    }
  }

  package func address(profile: String, domain: String) throws -> String {
    let answer = try call {
      try service.json(
        "SageMaker.CreatePresignedDomainUrl",
        ["DomainId": .string(domain), "UserProfileName": .string(profile)])
    }
    guard let address = answer["AuthorizedUrl"]?.string, !address.isEmpty else {
      throw AccountRefusal("SageMaker gave no address for \(profile)")
    }
    return address
  }

  private func call<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try AccountCalls.asking("SageMaker", words: words, body)
  }
}

extension ServiceFault {
  fileprivate var meansNoSuchProject: Bool {
    code == "ResourceNotFound" || code == "ResourceNotFoundException"
      || (code.hasPrefix("Validation")
        && ["does not exist", "not found", "could not find", "Could not find"].contains {
          message.contains($0)
        })
  }

  fileprivate var meansProjectExists: Bool {
    code == "ResourceInUse"
      || (code.hasPrefix("Validation") && message.contains("already exists"))
  }
}
