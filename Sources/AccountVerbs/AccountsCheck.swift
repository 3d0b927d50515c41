// `atelier accounts check`: everything that a deployment will need, each thing with what to do.
import AWS
import AccountCalls
import AccountDeployment
import Accounts
import CommandLine
import CloudFormation
import Content
import Project
import Stack
import Terminal

struct AccountsCheck: Verb {
  let name = "check"
  let summary = "test files, profiles, rights, trust and regions of all accounts"
  let details = """
    One line per check, with what to do where one fails. Of every set it reads files and settings; of
    the set that is meant it also queries each account, unless --offline is given: whose credentials
    they are, which calls are refused, and whether the account trusts those that deploy into it.
    """
  let examples = [
    Example("atelier accounts check --offline", "files, settings, profiles and regions"),
    Example("atelier accounts check --set first", "the accounts, too"),
  ]
  let offline = Flag("offline", "send nothing")
  let json = Shared.json

  var parameters: [any Parameter] { [offline, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    let configuration = try session.accounts()
    var findings = FindingList(isJSON: call[json], context.output)
    for problem in configuration.problems {
      try findings.add(
        "file", problem.place, problem.problem, remedy: problem.remedy)
    }
    for set in configuration.sets {
      try findings.add(
        "set", set.name,
        set.places.map { place, uses in
          "\(uses.map(\.name).joined(separator: ", ")): \(place.text)"
        }.joined(separator: "; "))
    }
    guard configuration.problems.isEmpty else { return findings.code }
    return try AccountCall.run(call, context) { accounts in
      try AccountChecks(accounts, isOffline: call[offline]).run(&findings)
      return findings.code
    }
  }
}

/// Findings that are printed as they come.
struct FindingList {
  private let isJSON: Bool
  private let output: Console
  private(set) var code = ExitCode.success

  init(isJSON: Bool, _ output: Console) {
    self.isJSON = isJSON
    self.output = output
  }

  /// Prints a finding; one with a remedy is a failure, unless it is a `note`.
  mutating func add(
    _ check: String, _ place: String, _ text: String, remedy: String? = nil,
    isNote: Bool = false, code: Int32 = ExitCode.usage
  ) throws {
    let isFine = remedy == nil || isNote
    if !isFine { self.code = max(self.code, code) }
    let word = isFine ? (isNote ? "note" : "ok") : "FAILED"
    if isJSON {
      var line: [String: JSONValue] = [
        "v": 1, "event": "account-check", "check": .string(check), "place": .string(place),
        "result": .string(word.lowercased()),
        "text": .string(text),
      ]
      if let remedy { line["remedy"] = .string(remedy) }
      try output.data(try JSONValue.object(line).canonicalText() + "\n")
    } else {
      let todo = remedy.map { Text.pad("", 19) + "to do: \($0)\n" } ?? ""
      try output.data("\(Text.pad(word, 7))\(Text.pad(check, 12))\(place): \(text)\n\(todo)")
    }
  }
}
