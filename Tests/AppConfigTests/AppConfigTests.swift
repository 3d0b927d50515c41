// The app-config document, and every mistake in one, named by file and member.
import AppConfig
import AtelierTesting
import Documents
import Testing

@Suite struct AppConfigTests {
  /// A document of two entries.
  private static let text = """
    {"Project": {"Name": "Shop", "Stage": "Demo", "Account": "12345*******",
       "Region": "eu-central-1", "Profile": "shop"},
     "Global": {"anything": [1]},
     "Stack": {
       "Trees": {"Name": "TreesStack", "EndpointName": "churn-trees",
         "GlueJobFilePath": "etl/trees.py", "GlueJobTimeoutInMin": 30,
         "TrainContainerImage": "813361260812.dkr.ecr.eu-central-1.amazonaws.com/xgboost:latest",
         "TrainParameters": {"max_depth": "5", "objective": "binary:logistic"},
         "TrainInputContent": "text/csv", "TrainInstanceType": "c5.xlarge",
         "ModelValidationEnable": true, "ModelErrorThreshold": 0.1,
         "EndpointInstanceType": "t2.2xlarge", "EndpointInstanceCount": 2},
       "Own": {"Name": "Own_Stack", "EndpointName": "own", "UpdateRegionName": true}}}
    """

  /// The document with one text in it replaced.
  private func config(_ old: String = "", _ new: String = "") throws -> AppConfig {
    #expect(old.isEmpty || Self.text.contains(old))
    return try AppConfig(
      parsing: Array(Self.text.replacing(old, with: new).utf8), file: "app.json")
  }

  @Test func everyMemberIsRead() throws {
    let config = try config()
    #expect(config.project.prefix == "ShopDemo" && config.project.profile == "shop")
    #expect(config.project.account == "12345*******" && config.project.region == "eu-central-1")
    #expect(config.keys == ["Own", "Trees"])
    let trees = try config.entry("Trees", chosenBy: "entry")
    #expect(try config.unread(in: trees).isEmpty)
    #expect(trees.endpoint == "churn-trees" && trees.glueScript == "etl/trees.py")
    #expect(trees.glueMinutes == 30 && trees.isValidated == true && trees.threshold == 0.1)
    #expect(trees.parameters == ["max_depth": "5", "objective": "binary:logistic"])
    #expect(trees.trainInstance == "ml.c5.xlarge" && trees.endpointInstance == "ml.t2.2xlarge")
    #expect(trees.endpointInstances == 2 && trees.content == "text/csv")
    let own = try config.entry("Own", chosenBy: "entry")
    #expect(own.parameters == nil && own.threshold == nil && own.trainInstance == nil)
  }

  @Test func namesAreThoseOfTheSample() throws {
    let config = try config()
    let own = try config.entry("Own", chosenBy: "entry")
    #expect(config.stackName(of: own) == "ShopDemo-Own_Stack")
    #expect(try config.bucket(of: own) == "shopdemo-own-stack-asset-eu-central-1-12345")
    let long = try self.config("Own_Stack", String(repeating: "x", count: 40))
    let error = #expect(throws: DocumentError.self) {
      try long.bucket(of: long.entry("Own", chosenBy: "entry"))
    }
    #expect(error?.member == "Stack.Own.Name")
  }

  @Test func anInstanceTypeMayHaveItsPrefix() throws {
    let config = try config("\"c5.xlarge\"", "\"ml.c5.xlarge\"")
    #expect(try config.entry("Trees", chosenBy: "entry").trainInstance == "ml.c5.xlarge")
  }

  @Test func oneOfSeveralEntriesMustBeChosen() throws {
    let config = try config()
    for key in ["", "Forest"] {
      let error = #expect(throws: DocumentError.self) {
        try config.entry(key, chosenBy: "[Churn] app_config_entry")
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("app.json: Stack: ") && text.hasSuffix("Own, Trees"), "\(text)")
      #expect(text.contains("[Churn] app_config_entry"))
    }
    let one = try AppConfig(
      parsing: Array(
        #"{"Project": {"Name": "a", "Stage": "b", "Account": "123456789012", "Region": "us-east-1"}, "#
          .utf8) + Array(#""Stack": {"One": {"Name": "c", "EndpointName": "d"}}}"#.utf8),
      file: "one.json")
    #expect(try one.entry("", chosenBy: "entry").key == "One" && one.project.profile == nil)
  }

  @Test func unknownMembersAreNamed() throws {
    let config = try config(
      #""Name": "Shop""#, #""Nmae": "x", "Name": "Shop""#)
    let trees = try config.entry("Trees", chosenBy: "entry")
    #expect(
      try config.unread(in: trees) == [
        "app.json: Project.Nmae: unknown member, which has no effect"
      ])
    let other = try self.config(#""EndpointName": "own""#, #""EndpointName": "own", "Lambda": 1"#)
    let own = try other.entry("Own", chosenBy: "entry")
    #expect(
      try other.unread(in: own) == [
        "app.json: Stack.Own.Lambda: unknown member, which has no effect"
      ])
    // What stands in another entry is nobody's concern now.
    #expect(try other.unread(in: other.entry("Trees", chosenBy: "entry")).isEmpty)
  }

  @Test func anotherEntryMayBeWrong() throws {
    let config = try config(#""EndpointName": "own""#, #""EndpointName": "my_own""#)
    #expect(try config.entry("Trees", chosenBy: "entry").endpoint == "churn-trees")
    #expect(throws: DocumentError.self) { try config.entry("Own", chosenBy: "entry") }
  }

  @Test(arguments: [
    ("{\"Project\"", "{\"Project\",", "app.json: not JSON at byte"),
    (#""Name": "Shop", "#, "", "app.json: Project.Name: missing"),
    (
      #""Name": "Shop""#, #""Name": "Shop Floor""#,
      "app.json: Project.Name: expected letters, digits"
    ),
    (#""Stage": "Demo""#, #""Stage": """#, "app.json: Project.Stage: expected letters, digits"),
    (
      #""12345*******""#, "123456789012",
      "app.json: Project.Account: expected the 12 digits of an account as a text"
    ),
    (#""12345*******""#, #""1234********""#, "app.json: Project.Account: expected the 12 digits"),
    (#""12345*******""#, #""12345*67*901""#, "app.json: Project.Account: expected the 12 digits"),
    (
      #""Region": "eu-central-1""#, #""Region": "Frankfurt""#,
      "app.json: Project.Region: expected a region such as eu-central-1, found \"Frankfurt\""
    ),
    (
      #""Profile": "shop""#, #""Profile": 7"#, "app.json: Project.Profile: expected a text, found 7"
    ),
    (#""Stack": {"#, #""Stock": {"#, "app.json: Stack: missing"),
    (#""Name": "TreesStack", "#, "", "app.json: Stack.Trees.Name: missing"),
    (
      #""EndpointName": "own""#, #""EndpointName": "my_own""#,
      "app.json: Stack.Own.EndpointName: expected 1 to 63 letters, digits and '-'"
    ),
    (#": 30,"#, #": "30","#, "app.json: Stack.Trees.GlueJobTimeoutInMin: expected minutes above 0"),
    (#": 30,"#, #": 0,"#, "app.json: Stack.Trees.GlueJobTimeoutInMin: expected minutes above 0"),
    (
      #""max_depth": "5""#, #""max_depth": 5"#,
      "app.json: Stack.Trees.TrainParameters.max_depth: expected a text, as SageMaker takes every "
        + "hyperparameter; write it in quotes, found 5"
    ),
    (
      #""max_depth": "5""#, #""max_depth": "5, 6""#,
      "app.json: Stack.Trees.TrainParameters.max_depth: expected a name and a value without"
    ),
    (
      #""c5.xlarge""#, #""xlarge""#,
      "app.json: Stack.Trees.TrainInstanceType: expected an instance type <family>.<size>"
    ),
    (
      #"Enable": true"#, #"Enable": "true""#,
      "app.json: Stack.Trees.ModelValidationEnable: expected true or false"
    ),
    (
      #"Threshold": 0.1"#, #"Threshold": "0.1""#,
      "app.json: Stack.Trees.ModelErrorThreshold: expected a number"
    ),
    (
      #"Count": 2"#, #"Count": 0"#,
      "app.json: Stack.Trees.EndpointInstanceCount: expected a whole number above 0"
    ),
    (
      #"Count": 2"#, #"Count": 1.5"#,
      "app.json: Stack.Trees.EndpointInstanceCount: expected a whole number above 0"
    ),
    (
      #""UpdateRegionName": true"#, #""UpdateRegionName": 1"#,
      "app.json: Stack.Own.UpdateRegionName: expected true or false"
    ),
    (
      #"{"Name": "Own_Stack", "EndpointName": "own", "UpdateRegionName": true}"#, "[]",
      "app.json: Stack.Own: expected an object"
    ),
    (
      #""text/csv""#, #""""#, "app.json: Stack.Trees.TrainInputContent: expected a text, found \"\""
    ),
  ])
  func aMistakeIsNamedByFileAndMember(old: String, new: String, said: String) {
    let error = #expect(throws: DocumentError.self) {
      let config = try config(old, new)
      for key in config.keys { _ = try config.entry(key, chosenBy: "entry") }
    }
    #expect(error?.description.hasPrefix(said) == true, "\(error?.description ?? "")")
  }

  @Test func noBytesBreakTheReader() throws {
    let words = ["\"Stack\"", "{", "}", "[", "]", "*", "\"\\u0000\"", "1e999", "-1", ".", "_"]
    let found = try FuzzBudget("app-config", count: 5000).run(
      corpus: [Array(Self.text.utf8)], words: words
    ) { bytes in
      guard let config = try? AppConfig(parsing: bytes, file: "app.json") else { return false }
      for key in config.keys {
        guard let entry = try? config.entry(key, chosenBy: "entry"),
          let bucket = try? config.bucket(of: entry)
        else { continue }
        guard bucket.utf8.count <= 63, bucket == bucket.lowercased() else {
          throw BrokenProperty("the bucket \(bucket)")
        }
      }
      return true
    }
    #expect(found.accepted > 0 && found.refused > 0, "\(found)")
  }
}
