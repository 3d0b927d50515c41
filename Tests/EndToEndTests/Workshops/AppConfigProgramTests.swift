// The churn workshop with an app-config document by the built program: entries, origins and errors.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct AppConfigProgramTests {
  private static let document = """
    {"Project": {"Name": "Shop", "Stage": "Demo", "Account": "12345*******",
       "Region": "eu-central-1", "Profile": "shop"},
     "Stack": {
       "Trees": {"Name": "TreesStack", "EndpointName": "churn-trees",
         "GlueJobFilePath": "etl/trees.py", "GlueJobTimeoutInMin": 30,
         "TrainContainerImage": "813361260812.dkr.ecr.eu-central-1.amazonaws.com/xgboost:latest",
         "TrainParameters": {"max_depth": "4", "eval_metric": "error", "silent": "0",
           "objective": "binary:logistic", "num_round": "40"},
         "TrainInputContent": "text/csv", "TrainInstanceType": "c5.xlarge",
         "ModelValidationEnable": true, "ModelErrorThreshold": 1,
         "EndpointInstanceType": "t2.2xlarge", "EndpointInstanceCount": 1},
       "Linear": {"Name": "LinearStack", "EndpointName": "churn-linear",
         "GlueJobFilePath": "etl/linear.py",
         "TrainContainerImage":
           "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1",
         "TrainParameters": {"booster": "gblinear", "eta": "0.5", "num_round": "5"},
         "ModelErrorThreshold": 0}}}
    """

  /// A project with the document, with one text in it replaced.
  private func space(_ old: String = "", _ new: String = "") throws -> WorkshopSpace {
    let space = try WorkshopSpace.churn()
    #expect(old.isEmpty || Self.document.contains(old))
    try space.folder.write(
      Self.document.replacing(old, with: new), to: "project/config/app-config.json")
    space.variables = ["APP_CONFIG": "config/app-config.json"]
    return space
  }

  private static let trees = ["Churn.app_config_entry": "Trees"]
  private static let linear = ["Churn.app_config_entry": "Linear"]

  @Test func twoEntriesGiveTwoRuns() throws {
    let space = try space()
    let trees = try space.run(Self.trees)
    #expect(trees.steps["serve.refusal"]?.status == "not-taken")
    let endpoint = try space.document("serve.outcome", Self.trees)
    #expect(endpoint["endpoint"] == "churn-trees" && endpoint["algorithm"] == "xgboost")
    #expect(endpoint["title"] == "churn-trees-churn-customer-churn")
    let linear = try space.run(Self.linear)
    #expect(
      linear.built == ["train.model", "validate.error", "validate.choice", "serve.refusal"])
    #expect(try space.document("serve.outcome", Self.linear)["threshold"] == 0)
    for stack in ["trees", "linear"] {
      let bucket = space.folder("store/shopdemo-\(stack)stack-asset-eu-central-1-12345")
      let model = "output/churn/customer-churn/model"
      #expect(TestFiles.list(bucket).contains { $0.hasPrefix(model) }, "\(bucket)")
    }
    #expect(try space.run(Self.trees).built.isEmpty)
  }

  @Test func originsNameTheMemberAndStrongerLayersWin() throws {
    let space = try space()
    func origins(_ more: [String: String]) throws -> [String: String] {
      let lines = try space.atelier(["config", "list", "-w", "churn", "--json"], more).lines()
      return Dictionary(
        lines.map { line in
          (
            "\(line["section"]?.string ?? "").\(line["key"]?.string ?? "")",
            "\(line["value"]?.string ?? "") from \(line["origin"]?.string ?? "")"
          )
        }, uniquingKeysWith: { $1 })
    }
    let found = try origins(Self.trees)
    let file = "config/app-config.json"
    #expect(found["Churn.threshold"] == "1 from \(file): Stack.Trees.ModelErrorThreshold")
    #expect(
      found["Churn.hyperparameters"] == "max_depth=4 from \(file): Stack.Trees.TrainParameters")
    #expect(
      found["Churn.train_instance_type"]
        == "ml.c5.xlarge from \(file): Stack.Trees.TrainInstanceType")
    #expect(found["AWS.account"] == "12345******* from \(file): Project.Account")
    #expect(found["Churn.rows"] == "600 from --set")
    let other = try origins(Self.trees.merging(["Churn.threshold": "0.5"]) { $1 })
    #expect(other["Churn.threshold"] == "0.5 from --set")
    // The other entry leaves out what config.ini then gives.
    let linear = try origins(Self.linear)
    #expect(
      linear["Churn.algorithm"]
        == "xgboost-linear from \(file): Stack.Linear.TrainParameters.booster")
    #expect(linear["Churn.etl_timeout"]?.hasPrefix("10 from Workshops/Churn/config.ini:") == true)
  }

  @Test func settingsOfDocumentsForAWSRerunNothing() throws {
    let space = try WorkshopSpace.churn()
    try space.run(["Churn.threshold": "1"])
    let changed = [
      "Churn.threshold": "1", "Churn.image": "own:1", "Churn.train_instance_type": "ml.m5.large",
      "Churn.endpoint_instance_type": "ml.m5.large", "Churn.endpoint_instance_count": "3",
      "Churn.etl": "glue", "Churn.glue_script": "etl.py", "Churn.project": "Shop",
      "Churn.project_stage": "Test", "AWS.account": "123456789012",
    ]
    #expect(try space.run(changed).built.isEmpty)
    try space.atelier(["status", "churn/serve"], changed)
  }

  @Test(
    arguments: [
      (
        "", "", [:],
        "config/app-config.json: Stack: has 2 entries; choose one by the setting [Churn] "
          + "app_config_entry: Linear, Trees"
      ),
      ("", "", ["Churn.app_config_entry": "Forest"], "there is no entry 'Forest'"),
      (
        "\"max_depth\": \"4\"", "\"max_depth\": 4", trees,
        "Stack.Trees.TrainParameters.max_depth: expected a text"
      ),
      (
        "\"Region\": \"eu-central-1\"", "\"Region\": \"us-east-2\"", trees,
        "Stack.Trees.TrainContainerImage: the image '813361260812.dkr.ecr.eu-central-1"
      ),
      (
        "", "", trees.merging(["AWS.region": "us-east-2"]) { $1 },
        "and the region is us-east-2; SageMaker"
      ),
      (
        "\"silent\"", "\"max_deep\"", trees,
        "[Churn] objective, eval_metric, hyperparameters: the hyper"
      ),
      (
        "\"text/csv\"", "\"text/html\"", trees,
        "Stack.Trees.TrainInputContent: Churn.content_type: exp"
      ),
      ("{\"Project\"", "{{\"Project\"", trees, "config/app-config.json: not JSON at byte"),
    ] as [(String, String, [String: String], String)])
  func aMistakeEndsTheCallBeforeAnythingRuns(
    old: String, new: String, settings: [String: String], said: String
  ) throws {
    let space = try space(old, new)
    let ended = try space.atelier(["run", "churn"], settings, expecting: 2)
    #expect(ended.err.contains(said), "\(ended.err)")
    #expect(!FileManager.default.fileExists(atPath: space.store))
  }

  @Test func aMissingFileIsNamedWithItsVariable() throws {
    let space = try space()
    space.variables = ["APP_CONFIG": "nowhere.json"]
    let ended = try space.atelier(["status", "churn"], expecting: 2)
    #expect(ended.err.contains("nowhere.json") && ended.err.contains("APP_CONFIG"), "\(ended.err)")
  }

  @Test func anotherWorkshopReadsNoDocument() throws {
    let space = try WorkshopSpace.abalone()
    space.variables = ["APP_CONFIG": "nowhere.json"]
    let listed = try space.atelier(["config", "get", "AWS.s3_bucket_name", "-w", "abalone"])
    #expect(listed.out == "abalone-workshop\n" && listed.err.isEmpty)
  }

  @Test func contradictionsAndUnknownMembersAreNotes() throws {
    let space = try space("\"Stage\"", "\"Owner\": \"me\", \"Stage\"")
    space.variables["AWS_REGION"] = "us-east-1"
    space.variables["AWS_PROFILE"] = "other"
    let ended = try space.atelier(
      ["config", "get", "AWS.region", "AWS.profile", "-w", "churn"],
      Self.trees.merging(["AWS.profile": "mine"]) { $1 })
    #expect(ended.out == "eu-central-1\nmine\n")
    #expect(
      ended.err.contains(
        "note: config/app-config.json: Project.Owner: unknown member, which has no effect"))
    #expect(
      ended.err.contains(
        "Project.Region is 'eu-central-1', and environment variable AWS_REGION says 'us-east-1'; "
          + "'eu-central-1' is used"))
    #expect(
      ended.err.contains(
        "Project.Profile is 'shop', and [AWS] profile (--set) says 'mine'; 'mine' is used"))
  }

  @Test func aValueThatTheDocumentOverridesIsWrittenWithANote() throws {
    let space = try space()
    space.variables["ATELIER_CHURN_APP_CONFIG_ENTRY"] = "Trees"
    let ended = try space.atelier(["config", "set", "Churn.threshold=0.3", "-w", "churn"])
    #expect(
      ended.err.contains(
        "note: Churn.threshold is also set by config/app-config.json: "
          + "Stack.Trees.ModelErrorThreshold, which is used"), "\(ended.err)")
    #expect(
      try TestFiles.text(space.folder("project/Workshops/Churn/config.ini"))
        .contains("threshold = 0.3"))
    let other = try space.atelier(["config", "set", "Churn.rows=700", "-w", "churn"])
    #expect(!other.err.contains("note: Churn.rows"), "\(other.err)")
  }

  // MARK: - Accounts

  /// The variables by which a program reaches moto, whose account is 123456789012.
  private func cloud(_ url: String) -> [String: String] {
    BucketServer.keys.merging(["AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-central-1"]) { $1 }
  }

  private static let shared = trees.merging(["Atelier.store": "s3", "AWS.profile": ""]) { $1 }

  @Test(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  func aWrongAccountIsRefusedAndTheRightOneRuns() throws {
    let server = try BucketServer.common.get()
    let settings = Self.shared.merging(["AWS.s3_bucket_name": try server.makeBucket()]) { $1 }
    let wrong = try space("12345*******", "998877665544")
    wrong.variables.merge(cloud(server.url)) { $1 }
    let refused = try wrong.atelier(["run", "churn/etl"], settings, expecting: 2)
    #expect(
      refused.err.contains(
        "[AWS] account is 998877665544, and the credentials belong to account 123456789012"),
      "\(refused.err)")
    let right = try space()
    right.variables.merge(cloud(server.url)) { $1 }
    #expect(try right.run(settings, target: "churn/etl").built.contains("etl.split"))
  }

  @Test func aLocalRunAsksNobody() throws {
    let space = try space("12345*******", "998877665544")
    // Nothing answers there.
    space.variables.merge(cloud("http://127.0.0.1:9")) { $1 }
    #expect(try space.run(Self.trees, target: "churn/etl").built.contains("etl.split"))
  }
}
