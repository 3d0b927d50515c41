// Projects, people and ingestions in folders, as a user calls for them by mistake or twice.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct AccountPeopleTests {
  private func deployed() throws -> AccountSpace {
    let user = try AccountSpace(.folders)
    try user.atelier("accounts", "deploy", "--yes")
    try user.atelier(
      "project", "create", "churn", "--cost-center", "12345", "--problem", "supervised",
      "--inference", "realtime")
    return user
  }

  @Test func aProjectTakesItsIngestionsWithIt() throws {
    let user = try deployed()
    func ingest(_ group: String, _ more: String..., expecting code: Int32 = 0) throws
      -> EndedProgram
    {
      try user.space.atelier(
        [
          "project", "ingestion", "deploy", "churn", "-p", "FeatureGroupName=\(group)", "-p",
          "DataWranglerFlowUrl=s3://bucket/dw.flow", "-p", "DataWranglerOutputName=a1.default",
          "-p", "S3DataPrefix=bucket/\(group)",
        ] + more, expecting: code)
    }
    let first = try ingest("one").out
    let second = try ingest("two").out
    #expect(first.hasPrefix("ingestion s3-fs-ingest-pipeline-p-"), "\(first)")
    #expect(second.hasPrefix("ingestion s3-fs-ingest-pipeline-two-p-"), "\(second)")
    for group in ["one", "two"] { #expect(try ingest(group).out.hasSuffix("unchanged\n")) }
    let same = try ingest(
      "three", "-p", "PipelineNamePrefix=s3-fs-ingest-pipeline-two", expecting: 2)
    #expect(same.err.contains("give another PipelineNamePrefix"), "\(same.err)")
    let deleted = try user.atelier("project", "delete", "churn", "--yes")
    #expect(deleted.err.contains("with its ingestion s3-fs-ingest-pipeline-two-"), "\(deleted.err)")
    #expect(
      try user.census().array?.contains { $0.string?.contains("stacks/mlops-ingestion") == true }
        == false)
    let again = try user.atelier("project", "delete", "chrun", "--yes")
    #expect(again.err.contains("there is no project 'chrun'; nothing to remove"), "\(again.err)")
    #expect(again.out.isEmpty)
  }

  @Test func capitalLettersMakeNoOtherPerson() throws {
    let user = try deployed()
    try user.atelier("project", "user", "add", "ann@example.com", "--project", "churn")
    let other = try user.atelier(
      "project", "user", "add", "Ann@Example.com", "--project", "churn", expecting: 2)
    #expect(other.err.contains("Ann@Example.com is ann@example.com"), "\(other.err)")
    try user.write(
      #"[{"mail":"a@x.y","set":"data-scientist","project":"churn","cost_center":"1"},"#
        + #"{"mail":"A@x.y","set":"data-scientist","project":"churn","cost_center":"1"}]"#,
      "project/people.json")
    let twice = try user.atelier(
      "accounts", "access", "a@x.y", "s3:GetObject", "*",
      settings: ["Accounts.people": "people.json"], expecting: 2)
    #expect(twice.err.contains("is there twice"), "\(twice.err)")
    let kept = try user.atelier("project", "delete", "churn", "--yes", expecting: 2)
    #expect(kept.err.contains("has 1 user, such as ann@example.com"), "\(kept.err)")
    let removed = try user.atelier("project", "user", "remove", "ANN@example.com")
    #expect(removed.out.contains("ann@example.com: removed"), "\(removed.out)")
  }

  @Test func accessKnowsTheProjectsOfAFolder() throws {
    let user = try deployed()
    let bucket = try #require(
      user.census().array?.compactMap(\.string).first {
        $0.hasPrefix("dev/buckets/mlops-churn-") && $0.split(separator: "/").count == 3
      })
    let object = "arn:aws:s3:::\(bucket.dropFirst("dev/buckets/".count))/x"
    // The cost center of the record counts.
    let allowed = try user.atelier("accounts", "access", "role:churn", "s3:GetObject", object)
    #expect(allowed.out.hasPrefix("allowed"), "\(allowed.out)")
    for words in [["role:chrun"], ["data-scientist", "--project=chrun"]] {
      let unknown = try user.space.atelier(
        ["accounts", "access", words[0], "s3:GetObject", object] + words.dropFirst(), expecting: 2)
      #expect(unknown.err.contains("Did you mean 'churn'?"), "\(unknown.err)")
    }
  }

  @Test func aTagIsGivenOnceAndADescriptionCanBeSeen() throws {
    let user = try AccountSpace(.folders)
    let create = [
      "project", "create", "churn", "--cost-center", "1", "--problem", "supervised", "--inference",
      "batch",
    ]
    let twice = try user.space.atelier(create + ["--tag", "A=1", "--tag", "A=2"], expecting: 2)
    #expect(twice.err.contains("--tag gives 'A' twice"), "\(twice.err)")
    let hidden = try user.space.atelier(
      create + ["--description", "a\u{202E}b"], expecting: 2)
    #expect(hidden.err.contains("--description takes one line"), "\(hidden.err)")
  }

  @Test func oneFolderIsOneAccountHoweverItIsTyped() throws {
    let user = try deployed()
    for dev in [
      "accounts/dev/", "./accounts/../accounts/dev", user.space.project + "/accounts/dev",
    ] {
      let listed = try user.atelier("project", "list", "--json", settings: ["Accounts.dev": dev])
      #expect(listed.out.contains(#""project":"churn""#), "\(dev)")
      try user.atelier("accounts", "plan", settings: ["Accounts.dev": dev])
    }
    try user.write("mine", "project/accounts/dev/stacks/my notes.json")
    let checked = try user.atelier("accounts", "check")
    #expect(checked.out.contains("my notes.json"), "\(checked.out)")
  }

  @Test func anAccountThatCannotBeReachedIsNoMistakeOfTheCall() throws {
    let user = try AccountSpace(.folders)
    try user.write(
      "[profile mlops-dev]\naws_access_key_id = AKIDTEST\naws_secret_access_key = x\n", "aws.ini")
    user.space.environment = [
      "AWS_CONFIG_FILE": user.space.root + "/aws.ini",
      "AWS_SHARED_CREDENTIALS_FILE": user.space.root + "/none",
      "AWS_ENDPOINT_URL": "http://127.0.0.1:\(try LoopbackPort.free())", "NO_PROXY": "127.0.0.1",
      "AWS_MAX_ATTEMPTS": "1",
    ]
    for words in [["project", "list"], ["accounts", "plan"]] {
      let ended = try user.space.atelier(
        words, ["Accounts.dev": "111111111111"], expecting: 5)
      #expect(ended.err.contains("127.0.0.1"), "\(ended.err)")
    }
  }
}
