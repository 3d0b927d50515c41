// A folder as an account: functions of templates, refusals, and kills between any two writes.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import FolderAccounts

@Suite struct FolderAccountTests {
  private static let template: JSONValue = [
    "Parameters": [
      "Word": ["Type": "String", "Default": "a", "AllowedValues": ["a", "b"]],
      "Net": ["Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/base/nets"],
    ],
    "Conditions": ["IsB": ["Fn::Equals": [["Ref": "Word"], "b"]]],
    "Resources": [
      "Store": [
        "Type": "AWS::S3::Bucket", "Properties": ["BucketName": ["Fn::Sub": "x-${AWS::AccountId}"]],
      ],
      "Where": [
        "Type": "AWS::SSM::Parameter",
        "Properties": [
          "Name": "/x/where", "Value": ["Fn::Join": ["+", ["Ref": "Net"]]], "Type": "String",
        ],
      ],
      "Only": [
        "Type": "AWS::SSM::Parameter", "Condition": "IsB",
        "Properties": [
          "Name": "/x/only", "Type": "String",
          "Value": ["Fn::Sub": "${Store.Arn}/${!aws:username}/${AWS::Region}"],
        ],
      ],
    ],
    "Outputs": [
      "Bucket": ["Value": ["Ref": "Store"]],
      "Choice": [
        "Value": ["Fn::If": ["IsB", "is b", ["Fn::Select": [1, ["Fn::Split": [":", "p:q"]]]]]]
      ],
    ],
  ]

  private static let base: JSONValue = [
    "Resources": [
      "Nets": [
        "Type": "AWS::SSM::Parameter",
        "Properties": ["Name": "/base/nets", "Type": "StringList", "Value": "n1,n2"],
      ]
    ]
  ]

  private func account(_ folder: TemporaryFolder) throws -> FolderAccount {
    try FolderAccount(path: folder("account"), typed: "./account", region: "eu-west-1")
  }

  private func tree(_ account: FolderAccount) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: account.path)
    return Dictionary(
      uniqueKeysWithValues: paths.map {
        ($0, (try? Data(contentsOf: URL(fileURLWithPath: "\(account.path)/\($0)"))) ?? Data())
      })
  }

  private func deploy(
    _ account: FolderAccount, _ name: String = "one", _ template: JSONValue = template,
    _ parameters: [String: String] = [:]
  ) throws -> (change: FolderAccount.Change, stack: FolderStack) {
    try account.changing {
      try account.deploy(name, template: template, parameters: parameters, tags: ["T": "v"])
    }
  }

  @Test func functionsGiveWhatCloudFormationGives() throws {
    let account = try account(TemporaryFolder())
    _ = try deploy(account, "base", Self.base)
    let made = try deploy(account)
    #expect(made.change == .created && made.stack.status == "CREATE_COMPLETE")
    #expect(made.stack.outputs == ["Bucket": "x-\(account.id)", "Choice": "q"])
    #expect(try account.parameter("/x/where") == "n1+n2")
    #expect(try account.parameter("/x/only") == nil)
    #expect(try deploy(account).change == .unchanged)
    let changed = try deploy(account, "one", Self.template, ["Word": "b"])
    #expect(changed.change == .updated && changed.stack.outputs["Choice"] == "is b")
    #expect(
      try account.parameter("/x/only")
        == "arn:aws:s3:::x-\(account.id)/${aws:username}/eu-west-1")
    _ = try deploy(account)
    #expect(try account.parameter("/x/only") == nil)
  }

  @Test(arguments: [
    (["Word": "c"], "takes a, b, not 'c'"), (["Other": "x"], "no parameter 'Other'"),
    (["Net": "/none"], "no parameter /none"),
  ])
  func aParameterIsCheckedBeforeAnythingIsMade(
    _ parameters: [String: String], _ part: String
  ) throws {
    let account = try account(TemporaryFolder())
    _ = try deploy(account, "base", Self.base)
    let before = try tree(account)
    let error = #expect(throws: TemplateFault.self) {
      try deploy(account, "one", Self.template, parameters)
    }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(try tree(account) == before)
  }

  @Test func aNameIsTakenOnceAndABucketIsEmptiedOnPurpose() throws {
    let account = try account(TemporaryFolder())
    _ = try deploy(account, "base", Self.base)
    _ = try deploy(account)
    #expect(throws: FolderRefusal.self) { try deploy(account, "two") }
    try account.put([1], key: "a/b", bucket: "x-\(account.id)")
    #expect(throws: FolderRefusal.self) {
      try account.changing { try account.delete("one", emptying: false) }
    }
    #expect(throws: FolderRefusal.self) { try account.put([1], key: "../x", bucket: "y-bucket") }
    _ = try account.changing { try account.delete("one", emptying: true) }
    _ = try account.changing { try account.delete("base", emptying: true) }
    #expect(try tree(account).isEmpty)
  }

  @Test func whateverWriteAKillCutsTheNextCallCompletes() throws {
    let whole = try account(TemporaryFolder())
    _ = try deploy(whole, "base", Self.base)
    _ = try deploy(whole, "one", Self.template, ["Word": "b"])
    let (created, updated) = (
      try tree(whole),
      try {
        _ = try deploy(whole); return try tree(whole)
      }()
    )
    var cuts = 0
    for step in 0..<200 {
      let folder = try TemporaryFolder()
      var account = try account(folder)
      _ = try deploy(account, "base", Self.base)
      account.pace = Pace(failingAt: step)
      var isCut = false
      do { _ = try deploy(account, "one", Self.template, ["Word": "b"]) } catch is Pace.Cut {
        isCut = true
      }
      account.pace = nil
      _ = try deploy(account, "one", Self.template, ["Word": "b"])
      #expect(try sameButStatus(tree(account), created), "step \(step)")
      account.pace = Pace(failingAt: step)
      do { _ = try deploy(account) } catch is Pace.Cut { isCut = true }
      account.pace = nil
      _ = try deploy(account)
      #expect(try sameButStatus(tree(account), updated), "step \(step)")
      account.pace = Pace(failingAt: step)
      do { _ = try account.changing { try account.delete("one", emptying: true) } } catch is Pace
        .Cut
      {
        isCut = true
      }
      account.pace = nil
      _ = try account.changing { try account.delete("one", emptying: true) }
      _ = try account.changing { try account.delete("base", emptying: true) }
      #expect(try tree(account).isEmpty, "step \(step)")
      guard isCut else { break }
      cuts += 1
    }
    #expect(cuts > 4 && cuts < 200, "\(cuts)")
  }

  /// An interrupted update may be completed as a creation.
  private func sameButStatus(_ one: [String: Data], _ other: [String: Data]) -> Bool {
    func plain(_ tree: [String: Data]) -> [String: String] {
      tree.mapValues {
        String(decoding: $0, as: UTF8.self).replacing("UPDATE_COMPLETE", with: "CREATE_COMPLETE")
      }
    }
    return plain(one) == plain(other)
  }

  @Test func nothingIsRemovedThroughALinkAndForeignFoldersStay() throws {
    let folder = try TemporaryFolder()
    let account = try account(folder)
    _ = try deploy(account, "base", Self.base)
    let manager = FileManager.default
    for path in ["parameters/mine/deep", "buckets/mine", "stacks/mine"] {
      try manager.createDirectory(
        atPath: "\(account.path)/\(path)", withIntermediateDirectories: true)
    }
    try folder.write("mine", to: "outside/nets")
    try folder.write("", to: "outside/empty/.keep")
    try manager.removeItem(atPath: folder("outside/empty/.keep"))
    let base = "\(account.path)/parameters/base"
    try manager.removeItem(atPath: base)
    try manager.createSymbolicLink(atPath: base, withDestinationPath: folder("outside"))
    for change in [
      { _ = try account.delete("base", emptying: true) },
      {
        _ = try account.deploy(
          "base", template: Self.base, parameters: [:], tags: ["T": "other"])
      },
    ] {
      let error = #expect(throws: FolderRefusal.self) { try account.changing(change) }
      #expect(error?.description.contains("parameters/base is a symbolic link") == true)
    }
    #expect(try String(contentsOfFile: folder("outside/nets"), encoding: .utf8) == "mine")
    #expect(manager.fileExists(atPath: folder("outside/empty")))
    try manager.removeItem(atPath: base)
    _ = try account.changing { try account.delete("base", emptying: true) }
    #expect(
      try Set(tree(account).keys) == [
        "parameters", "parameters/mine", "parameters/mine/deep", "buckets", "buckets/mine",
        "stacks", "stacks/mine",
      ])
  }

  @Test func foreignFilesBesideStacksAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    let account = try account(folder)
    _ = try deploy(account, "base", Self.base)
    let foreign = ["README.md", "my notes.json", ".hidden.json", "base.json.bak", "-x.json"]
    for name in foreign { try folder.write("{}", to: "account/stacks/\(name)") }
    try FileManager.default.createDirectory(
      atPath: "\(account.path)/stacks/folder.json", withIntermediateDirectories: true)
    #expect(try account.stacks().map(\.name) == ["base"])
    #expect(try account.foreignFiles() == (foreign + ["folder.json"]).sorted())
    _ = try deploy(account)
    // What has the name of a stack without being one is named.
    try folder.write(#"{"mine": 1}"#, to: "account/stacks/backup.json")
    let error = #expect(throws: FolderRefusal.self) { try account.stacks() }
    #expect(error?.description.contains("stacks/backup.json: damaged, or not a stack") == true)
  }

  @Test func anAccountsNumberIsThatOfItsPathAsTyped() throws {
    #expect(try FolderAccount.id(of: "./a") == FolderAccount.id(of: "./a"))
    #expect(try FolderAccount.id(of: "./a") != FolderAccount.id(of: "./b"))
    for name in ["./a", "", "x"] {
      #expect(try FolderAccount.id(of: name).utf8.count == 12)
    }
  }
}
