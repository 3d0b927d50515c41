// `atelier stack`: deploys, shows and removes the stack behind config.ini. The work is done in Stack.
import CloudFormation
import Content
import Stack

enum StackVerb {
  /// What can be done.
  static let words = ["deploy", "outputs", "destroy"]

  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let word = arguments.positionals[0]
    guard words.contains(word) else {
      throw UsageError(
        "`atelier stack` takes \(words.joined(separator: ", ")), not '\(word)'."
          + Suggestion.text(for: word, among: words))
    }
    let session = try Session(arguments, targets: [], house)
    let signals = try Signals()
    let services = try session.stackServices(signals, changes: word != "outputs")
    do {
      switch word {
      case "deploy": return try deploy(arguments, session, services, signals)
      case "outputs": return try outputs(arguments, session, services)
      default: return try StackRemoval.run(arguments, session, services, signals)
      }
    } catch StackFailure.interrupted(let advice) {
      Console.talk("atelier: interrupted; \(advice)")
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
  }

  /// One event as a line; reasons only where they are none of CloudFormation's usual ones.
  static func show(_ event: StackEvent) {
    let time = event.time.split(separator: "T").last.map { String($0.prefix(8)) } ?? ""
    let reason = event.reason.map { "  \($0)" } ?? ""
    Console.talk(
      Text.pad(time, 10) + Text.pad(event.status, 28) + Text.pad(event.resource, 28)
        + " \(event.type)\(reason)")
  }

  // ---- deploy ----

  private static func deploy(
    _ arguments: Arguments, _ session: Session, _ services: StackServices, _ signals: Signals
  ) throws -> Int32 {
    guard let template = session.workshop.stackTemplate else {
      throw UsageError("the workshop \(session.workshop.name) has no stack")
    }
    let id = try session.stackID(arguments)
    let deployment = StackDeployment(
      services, stack: id, name: Session.stackName(id), template: template,
      parameters: try parameters(arguments))
    // The data flow's rights end at the prefix that deliveries use.
    let prefix = try session.settings.string("AWS", "s3_prefix")
    var plan = try deployment.plan(defaults: ["S3Prefix": trimmed(prefix)])
    while case .running(let running) = plan {
      Console.talk("\(running.name) is \(running.status); waiting for its end")
      _ = try deployment.resume(running, report: show)
      plan = try deployment.plan(defaults: ["S3Prefix": trimmed(prefix)])
    }
    switch plan {
    case .nothing(let stack):
      Console.talk("\(stack.name) is \(stack.status); nothing to change")
      return try finish(stack, arguments, session)
    case .changes(let changeSet, let creates):
      show(changeSet, name: Session.stackName(changeSet.stackID), creates: creates)
      guard try agreed(arguments, signals) else {
        Console.talk("nothing was changed; `atelier stack deploy` goes on from here")
        return signals.received == 0 ? ExitCode.usage : ExitCode.interrupted
      }
      let stack = try deployment.execute(changeSet, report: show)
      Console.talk("\(stack.name) is \(stack.status)")
      return try finish(stack, arguments, session)
    case .running: return ExitCode.fine
    }
  }

  private static func parameters(_ arguments: Arguments) throws -> [String: String] {
    var parameters: [String: String] = [:]
    for text in arguments.all("parameter") {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw UsageError("--parameter takes NAME=VALUE, not '\(text)'")
      }
      parameters[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    if arguments.has("studio"), arguments.has("no-studio") {
      throw UsageError("--studio and --no-studio exclude each other")
    }
    if arguments.has("studio") { parameters["CreateStudio"] = "true" }
    if arguments.has("no-studio") { parameters["CreateStudio"] = "false" }
    return parameters
  }

  /// Without slashes at its ends.
  private static func trimmed(_ prefix: String) -> String {
    prefix.split(separator: "/", omittingEmptySubsequences: true).joined(separator: "/")
  }

  private static func show(_ changeSet: ChangeSet, name: String, creates: Bool) {
    let changes = changeSet.changes
    let intent = creates ? "make the stack" : "change the stack"
    Console.talk("to \(intent) \(name): \(Text.count(changes.count, "resource"))")
    guard !changes.isEmpty else {
      Console.talk("outputs or parameters change, no resource")
      return
    }
    let rows = changes.map { change in
      [change.action, change.resource, change.type, replacement(change)]
    }
    let isReplacing = rows.contains { !$0[3].isEmpty }
    let table = Table(
      columns: ["action", "resource", "type"] + (isReplacing ? ["made anew"] : []),
      rows: isReplacing ? rows : rows.map { Array($0.prefix(3)) })
    Console.talk(String(table.text(limit: .max).dropLast()))
  }

  private static func replacement(_ change: StackChange) -> String {
    switch change.replacement {
    case "True": "yes"
    case "Conditional": "perhaps"
    default: ""
    }
  }

  private static func agreed(_ arguments: Arguments, _ signals: Signals) throws -> Bool {
    if arguments.has("yes") { return true }
    guard Question.hasSomebody else {
      throw UsageError(
        "nobody to ask: standard input is no terminal; look at the changes above, then add --yes")
    }
    let answer = Question.ask("Carry this out? [y/N] ", signals.token) ?? ""
    return ["y", "yes"].contains(answer.lowercased())
  }

  /// Writes the stack's id and bucket into config.ini, and prints the outputs.
  private static func finish(
    _ stack: StackDescription, _ arguments: Arguments, _ session: Session
  ) throws -> Int32 {
    var values = [("AWS", "cfn_stack_id", stack.id)]
    if let bucket = stack.outputs["S3DataBucket"] {
      values.append(("AWS", "s3_bucket_name", bucket))
    }
    try session.remember(values.map { (section: $0.0, key: $0.1, value: $0.2) })
    try print(stack, arguments)
    return ExitCode.fine
  }

  // ---- outputs ----

  private static func outputs(
    _ arguments: Arguments, _ session: Session, _ services: StackServices
  ) throws -> Int32 {
    let id = try session.stackID(arguments)
    guard let stack = try services.stack(id), !stack.isGone else {
      throw UsageError("there is no stack \(id); type: atelier stack deploy")
    }
    try print(stack, arguments)
    return ExitCode.fine
  }

  private static func print(_ stack: StackDescription, _ arguments: Arguments) throws {
    if arguments.has("json") {
      Console.data(
        try JSONValue.object([
          "v": 1, "stack": .string(stack.id), "status": .string(stack.status),
          "outputs": .object(stack.outputs.mapValues { .string($0) }),
        ]).canonicalText() + "\n")
    } else {
      for (name, value) in stack.outputs.sorted(by: { $0.key < $1.key }) {
        Console.data(Text.pad(name, 24) + " \(value)\n")
      }
    }
  }
}
