// `compile` by the built program: the documents of all workshops, judged by linters and by the model of
// AWS's services.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CompileTests {
  static let workshops = ["propensity", "retail", "churn", "abalone"]
  private static let judge = TestTools.root + "/Tests/Judges/aws_requests.py"

  @Test(arguments: workshops) func aPlanIsTheSameWhereverItIsMade(_ workshop: String) throws {
    let (one, other) = (try CompileSpace(), try CompileSpace())
    let plan = try one.compile(["plan", workshop]).out
    #expect(
      try other.compile(
        ["plan", workshop], ["Atelier.jobs": "7"], environment: ["TZ": "Asia/Tokyo"]
      )
      .out == plan)
    let document = try JSONValue(parsing: plan)
    #expect(document["workshop"] == .string(workshop))
    var rest = document.object ?? [:]
    rest["digest"] = nil
    let digest = try Digest.of(JSONValue.object(rest).canonicalBytes())
    #expect(document["digest"] == .string(digest.description))
    #expect(document["nodes"]?.array?.isEmpty == false && document["stages"]?.array?.count ?? 0 > 1)
    #expect(!plan.contains(TestTools.root) && !plan.contains(one.folder.path))
    // Nothing is written, no store begun.
    #expect(try FileManager.default.contentsOfDirectory(atPath: one.folder.path) == [])
  }

  @Test func theSourcesBytesAreInThePlan() throws {
    let space = try CompileSpace()
    let row = "1,2\n"
    let file = try space.folder.write(row, to: "codes.csv")
    func plan() throws -> JSONValue {
      try JSONValue(
        parsing: space.compile(["plan", "retail/prepare"], ["Retail.codes": file]).out)
    }
    let before = try plan()
    let source = before["nodes"]?.array?.first { $0["kind"] == "source" }
    #expect(
      source?["content"]?["digest"]?.string == (try Digest.of(row)).description, "\(before)")
    try space.folder.write("1,3\n", to: "codes.csv")
    #expect(try plan()["digest"] != before["digest"])
    let gone = try space.compile(
      ["plan", "retail/prepare"], ["Retail.codes": "gone.csv"], expecting: 2)
    #expect(gone.err.contains("gone.csv") && gone.out.isEmpty, "\(gone.err)")
  }

  @Test func noSecretIsInADocument() throws {
    let space = try CompileSpace()
    let secrets = [
      "AWS_ACCESS_KEY_ID": "AKIASECRETSECRET", "AWS_SECRET_ACCESS_KEY": "s3cr3t-value",
    ]
    for form in ["plan", "stepfunctions", "pipeline", "cloudformation"] {
      let text = try space.compile([form, "propensity"], environment: secrets).out
      #expect(!text.contains("SECRET") && !text.contains("s3cr3t"), "\(form)")
    }
  }

  @Test(.enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
  func everyDocumentPassesItsJudges() throws {
    let space = try CompileSpace()
    var requests: [String] = []
    var templates: [String] = []
    for workshop in Self.workshops {
      for grain in ["step", "stage"] {
        for (verb, kind) in [("stepfunctions", "machine"), ("pipeline", "pipeline")] {
          let text = try space.compile([verb, workshop, "--grain", grain]).out
          let path = try space.folder.write(text, to: "\(kind)-\(workshop)-\(grain).json")
          requests += [kind, path]
          if kind == "machine" { #expect(try space.judge("statelint", [path]) == "") }
        }
      }
      let template = try space.compile(["cloudformation", workshop]).out
      templates.append(try space.folder.write(template, to: "template-\(workshop).json"))
    }
    for workshop in ["retail", "churn"] {
      for (verb, kind) in [("stepfunctions", "machine"), ("pipeline", "pipeline")] {
        let text = try space.compile([verb, workshop, "--training", "built-in"]).out
        let path = try space.folder.write(text, to: "\(kind)-\(workshop)-built-in.json")
        requests += [kind, path]
        if kind == "machine" { #expect(try space.judge("statelint", [path]) == "") }
      }
      let template = try space.compile(
        ["cloudformation", workshop, "--training", "built-in"], ["AWS.region": "eu-central-1"]
      ).out
      templates.append(
        try space.folder.write(template, to: "template-\(workshop)-built-in.json"))
    }
    let glue = try space.compile(
      ["stepfunctions", "churn", "--training", "built-in"],
      ["Churn.etl": "glue", "Churn.glue_script": "etl.py"]
    ).out
    requests += ["machine", try space.folder.write(glue, to: "machine-glue.json")]
    let stack = try space.compile(
      ["cloudformation", "churn", "--training", "built-in"],
      ["Churn.etl": "glue", "Churn.glue_script": "etl.py"]
    ).out
    #expect(stack.contains("s3://churn-workshop/churn/code/glue/etl.py"))
    templates.append(try space.folder.write(stack, to: "template-glue.json"))
    #expect(try space.judge("python", [Self.judge] + requests) == "")
    #expect(
      try space.judge("cfn-lint", ["--include-checks", "I", "--template"] + templates) == "")
  }

  private static let sdk = TestTools.root + "/.tools/sagemaker/bin/python"

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: sdk),
      "no SDK for Python in .tools/sagemaker; type: .setup/sagemaker.sh"),
    arguments: [
      (["propensity"], 6), (["retail"], 5), (["churn"], 5), (["abalone"], 4),
      (["retail", "--training", "built-in"], 3),
    ] as [([String], Int)])
  func aPipelineIsWhatTheSDKWrites(_ words: [String], _ steps: Int) throws {
    let space = try CompileSpace()
    let text = try space.compile(
      ["pipeline"] + words, ["Jobs.role": "arn:aws:iam::123456789012:role/jobs"]
    ).out
    #expect(try JSONValue(parsing: text)["Steps"]?.array?.count == steps)
    let path = try space.folder.write(text, to: "pipeline.json")
    let script = TestTools.root + "/Tests/Judges/sagemaker_pipeline.py"
    let ended = try Space.start(
      Self.sdk, [script, path], environment: Space.tools, folder: space.folder.path)
    let differences = ended.out.split(separator: "\n").filter { $0.hasPrefix(".") }
    #expect(ended.code == 0 && differences.isEmpty, "\(ended.out)\(ended.err.suffix(500))")
  }

  /// That the judge finds what it is for.
  @Test(
    .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)),
    arguments: [
      ("\"ImageUri.$\": \"$$.Execution.Input['Image']\"", "\"Comment\": \"\"", "lacks ImageUri"),
      ("\"ImageUri.$\"", "\"ImageURL.$\"", "unknown member ImageURL"),
      ("\"ml.m5.large\"", "\"m5.large\"", "'m5.large' is none of the known values"),
      ("\"VolumeSizeInGB\": 30", "\"VolumeSizeInGB\": \"30\"", "expected integer, found '30'"),
      ("\"InstanceCount\": 1", "\"InstanceCount\": 0", "0  is not within 1 and 100"),
      ("createProcessingJob", "createProcessingTask", "no operation createProcessingTask"),
    ])
  func aBrokenRequestIsFoundByTheServicesModel(
    _ found: String, _ instead: String, _ said: String
  ) throws {
    let space = try CompileSpace()
    let machine = try space.compile(["stepfunctions", "retail/prepare"]).out
    let broken = machine.replacing(found, with: instead)
    #expect(broken != machine)
    let path = try space.folder.write(broken, to: "broken.json")
    #expect(try space.judge("python", [Self.judge, "machine", path]).contains(said))
  }

  @Test func theGrainSaysWhatOneJobDoes() throws {
    let space = try CompileSpace()
    func jobs(_ grain: String) throws -> [String] {
      let steps = try JSONValue(
        parsing: space.compile(["pipeline", "churn/serve", "--grain", grain]).out)["Steps"]
      return (steps?.array ?? []).compactMap { $0["Name"]?.string }
    }
    #expect(try jobs("whole") == ["churn"])
    #expect(try jobs("stage") == ["etl", "train", "validate", "serve-outcome"])
    #expect(try jobs("step").contains("etl-matrices"))
    let unknown = try space.compile(["pipeline", "churn", "--grain", "week"], expecting: 2)
    #expect(unknown.err.contains("step, stage, whole"), "\(unknown.err)")
  }

  @Test func aFolderHoldsAllThatTheDocumentNeeds() throws {
    let space = try CompileSpace()
    let ended = try space.compile(
      ["cloudformation", "abalone/train", "-o", space.folder("out")],
      ["Jobs.image": "registry.example/atelier:2", "Jobs.instance_types": "train=ml.c5.xlarge"])
    #expect(
      ended.err.contains("template.json; store, for the bucket: 1 plan, 3 requests of jobs"),
      "\(ended.err)")
    let template = try JSONValue(parsing: space.file("out/template.json"))
    #expect(template["Parameters"] == nil)
    let text = try #require(
      template["Resources"]?["StateMachine"]?["Properties"]?["DefinitionString"]?.string)
    let plans = try FileManager.default.contentsOfDirectory(
      atPath: space.folder("out/store/jobs/plans"))
    let plan = try JSONValue(parsing: space.file("out/store/jobs/plans/\(plans[0])"))
    #expect(plans.count == 1 && plan["digest"] == .string("sha256:" + plans[0].dropLast(5)))
    var named = 0
    for (name, state) in try JSONValue(parsing: text)["States"]?.object ?? [:]
    where state["Type"] == "Task" {
      let job = state["Parameters"]
      let url = try #require(
        job?["AppSpecification"]?["ContainerArguments"]?.array?.last?.string)
      let file = try #require(url.split(separator: "/").last)
      let request = try space.file("out/store/jobs/requests/\(file)")
      #expect(file == "\(try Digest.of(request).hex).json")
      let document = try JSONValue(parsing: request)
      #expect(document["plan"] == plan["digest"] && document["job"] == .string(name))
      #expect(document["planKey"] == .string("abalone/jobs/plans/\(plans[0])"))
      if name == "train" {
        #expect(
          job?["ProcessingResources"]?["ClusterConfig"]?["InstanceType"] == "ml.c5.xlarge")
      }
      named += 1
    }
    #expect(named == 3)

    // Another plan in the same folder leaves nothing of this one; other files stay.
    try space.folder.write("mine", to: "out/store/jobs/requests/notes.json")
    try space.compile(
      ["cloudformation", "abalone/train", "-o", space.folder("out")], ["Abalone.seed": "2"])
    let requests = try FileManager.default.contentsOfDirectory(
      atPath: space.folder("out/store/jobs/requests"))
    #expect(requests.count == 4 && requests.contains("notes.json"))
    let others = try FileManager.default.contentsOfDirectory(
      atPath: space.folder("out/store/jobs/plans"))
    #expect(others.count == 1 && others != plans)
  }

  @Test func mistakesNameTheKeyAndWhatToDo() throws {
    let space = try CompileSpace()
    for (words, settings, said) in [
      (
        ["pipeline", "retail"], ["Jobs.instance_types": "train"],
        "[Jobs] instance_types: expected NAME=TYPE"
      ),
      (
        ["pipeline", "retail"], ["Jobs.instance_type": "m5.large"],
        "expected a machine of SageMaker, such as ml.m5.large, found 'm5.large'"
      ),
      (
        ["pipeline", "retail"], ["Jobs.instance_types": "trian=ml.m5.large"],
        "[Jobs] instance_types: 'trian' is no job or stage of this document; there are prepare, train"
      ),
      (
        ["pipeline", "retail"],
        [
          "Jobs.image": "1.dkr.ecr.eu-west-1.amazonaws.com/atelier:2", "AWS.region": "us-east-2",
        ], "[Jobs] image: the image"
      ),
      (["pipeline", "retail"], ["Jobs.role": "jobs"], "[Jobs] role: expected arn:"),
      (["pipeline", "retail"], ["AWS.s3_bucket_name": "a*b"], "[AWS] s3_bucket_name: expected 3"),
      (["pipeline", "retail"], ["AWS.s3_prefix": "a*"], "[AWS] s3_prefix: 'a*' holds '*'"),
      (
        ["pipeline", "retail"], ["Jobs.instance_types": "train=ml.m5.large, train=ml.m5.xlarge"],
        "[Jobs] instance_types: 'train' is given twice"
      ),
      (
        ["cloudformation", "retail"], ["Jobs.image": String(repeating: "a", count: 300)],
        "at most 255 characters"
      ), (["stepfunctions", "retail", "--output", ""], [:], "--output needs the name of a folder"),
      (["pipeline", "retail"], ["Jobs.image": "a b"], "[Jobs] image: expected an image"),
      (
        ["stepfunctions", "abalone", "--training", "built-in"], [:],
        "the workshop abalone has no training with a built-in algorithm; leave out --training"
      ),
      (
        ["stepfunctions", "retail/train", "--training", "built-in"], [:],
        "--training built-in is for a whole workshop"
      ),
      (
        ["pipeline", "churn", "--training", "built-in"],
        ["Churn.etl": "glue", "Churn.glue_script": "etl.py"], "a pipeline has no step for Glue"
      ),
      (
        ["stepfunctions", "churn", "--training", "built-in"], ["AWS.region": "mars-1"],
        "[AWS] region: the registry of 'sagemaker-xgboost' in region 'mars-1' is not known"
      ),
      (["stepfunctions", "retail/trian"], [:], "Did you mean 'train'"),
      (["stepfunctions", "retail", "--format", "png"], [:], "svg"),
    ] as [([String], [String: String], String)] {
      let ended = try space.compile(words, settings, expecting: 2)
      #expect(ended.err.contains(said) && ended.out.isEmpty, "\(words): \(ended.err)")
    }
  }
}
