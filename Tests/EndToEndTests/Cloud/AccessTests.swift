// `accounts access` and `accounts policies` by the built program, and a linter's word on the documents.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct AccessTests {
  private struct Accounts {
    let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      try folder.write(
        """
        {"SET_NAME": "team", "DEV_ACCOUNT": "111111111111", "PREPROD_ACCOUNT": "222222222222",
         "PROD_ACCOUNT": "333333333333", "DEPLOYMENT_REGION": "eu-west-1"}
        """, to: "accounts.json")
      try folder.write(
        """
        [{"mail": "jane@example.com", "set": "data-scientist", "project": "churn",
          "cost_center": "12345"}]
        """, to: "people.json")
    }

    func call(_ words: String..., expecting code: Int32) throws -> EndedProgram {
      let settings = [
        "file=\(folder("accounts.json"))", "people=\(folder("people.json"))",
        "governance=000000000000",
      ].flatMap { ["--set", "Accounts.\($0)"] }
      let ended = try Space.start(
        Space.program(), words + settings + ["-C", TestTools.root], environment: Space.tools,
        folder: folder.path)
      #expect(ended.code == code, "\(words): \(ended.out)\(ended.err)")
      return ended
    }
  }

  private static let bucket = "arn:aws:s3:::mlops-churn-111111111111/model.ubj"

  @Test func whoMayDoWhatIsToldWithTheStatementThatDecides() throws {
    let accounts = try Accounts()
    #expect(
      try accounts.call(
        "access", "data-scientist", "sagemaker:UpdateModelPackage", "*", "--project", "churn",
        "--cost-center", "1", expecting: 1
      ).out
        == "not allowed: DecideNothing of the permission set mlops-data-scientist denies it\n")
    #expect(
      try accounts.call(
        "accounts", "access", "jane@example.com", "s3:GetObject", Self.bucket, expecting: 0
      ).out
        == "allowed: UseObjectsOfProject of the permission set mlops-data-scientist allows it\n")
    let other = try accounts.call(
      "access", "jane@example.com", "sagemaker:DescribeModel",
      "arn:aws:sagemaker:eu-west-1:1:model/x",
      "--resource-tag", "sagemaker:project-name=other", "--resource-tag", "CostCenter=12345",
      "--json", expecting: 1)
    let answer = try JSONValue(parsing: Array(other.out.utf8.dropLast()))
    #expect(answer["allowed"] == false && answer["statement"] == nil)
    #expect(other.out.contains("is 'other'"))
    // Another account reads, and does not write.
    for (action, code) in [("s3:GetObject", Int32(0)), ("s3:PutObject", 1)] {
      _ = try accounts.call(
        "access", "role:churn", action, Self.bucket, "--tier", "prod", "--cost-center", "12345",
        expecting: code)
    }
    let tier = try accounts.call(
      "access", "jane@example.com", "s3:GetObject", Self.bucket, "--tier", "prod", expecting: 1)
    #expect(tier.out.contains("has access to dev alone, not to prod"))
  }

  @Test func whatIsAskedWronglyIsNamed() throws {
    let accounts = try Accounts()
    for (words, said) in [
      (["joe@example.com", "s3:GetObject", "*"], "nobody is known as 'joe@example.com'"),
      (["data-scientsit", "s3:GetObject", "*"], "data-scientist"),
      (["data-scientist", "GetObject", "*"], "found 'GetObject'"),
      (["role:a", "s3:GetObject", "*", "--project", "b"], "--project names b"),
      (["data-scientist", "s3:GetObject", "*", "--tier", "production"], "not 'production'"),
      (["data-scientist", "s3:GetObject", "*", "--resource-tag", "x"], "KEY=VALUE, not 'x'"),
      (["data-scientist", "s3:GetObject", "*", "--context", "a=1", "--context", "a=2"], "twice"),
    ] {
      let ended = try Space.start(
        Space.program(),
        ["access"] + words + [
          "--set", "Accounts.file=\(accounts.folder("accounts.json"))", "--set",
          "Accounts.people=\(accounts.folder("people.json"))", "--set",
          "Accounts.governance=000000000000", "-C", TestTools.root,
        ], environment: Space.tools, folder: accounts.folder.path)
      #expect(ended.code == 2 && ended.err.contains(said), "\(words): \(ended.err)")
    }
    try accounts.folder.write(
      #"[{"mail": "a@b.c", "set": "boss", "project": "p", "cost_center": "1"}]"#, to: "people.json")
    let wrong = try accounts.call("access", "a@b.c", "s3:GetObject", "*", expecting: 2)
    #expect(
      wrong.err.contains("people.json: [0].set: expected one of data-scientist"), "\(wrong.err)")
  }

  @Test(.enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
  func theLinterHasNothingToSay() throws {
    let accounts = try Accounts()
    let documents = try accounts.call("accounts", "policies", "--project", "churn", expecting: 0)
    let names = try JSONValue(parsing: Array(documents.out.utf8.dropLast())).object ?? [:]
    // Four permission sets; trust, role in three accounts, bucket and key.
    #expect(names.count == 10, "\(names.keys.sorted())")
    let path = try accounts.folder.write(documents.out, to: "policies.json")
    let judged = try Space.start(
      "/bin/sh",
      [
        "-c", "exec \"$0\" \"$1\" < \"$2\"", StandIns.venv + "/bin/python",
        TestTools.root + "/Tests/Judges/policies.py", path,
      ], environment: Space.tools, folder: accounts.folder.path)
    #expect(judged.code == 0 && judged.out.isEmpty, "\(judged.out)\(judged.err)")
    // The judge finds what is wrong.
    let broken = documents.out.replacing(
      "sagemaker:StopTrainingJob", with: "sagemaker:StopTrainingJop")
    let other = try accounts.folder.write(broken, to: "broken.json")
    let found = try Space.start(
      "/bin/sh",
      [
        "-c", "exec \"$0\" \"$1\" < \"$2\"", StandIns.venv + "/bin/python",
        TestTools.root + "/Tests/Judges/policies.py", other,
      ], environment: Space.tools, folder: accounts.folder.path)
    #expect(found.out.contains("StopTrainingJop"), "\(found.out)\(found.err)")
  }
}
