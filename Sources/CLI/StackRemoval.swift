// `atelier stack destroy`: the plan, the question, the removal and what is left.
import Stack

enum StackRemoval {
  static func run(
    _ arguments: Arguments, _ session: Session, _ services: StackServices, _ signals: Signals
  ) throws -> Int32 {
    let id = try session.stackID(arguments)
    let destruction = StackDestruction(services, stack: id)
    guard let plan = try destruction.plan() else {
      Console.talk("there is no stack \(Session.stackName(id)); nothing to remove")
      try forget(id, session)
      return ExitCode.fine
    }
    show(plan)
    guard try agreed(plan.stack.name, arguments, signals) else {
      Console.talk("nothing was removed")
      return signals.received == 0 ? ExitCode.usage : ExitCode.interrupted
    }
    do {
      try destruction.carryOut(plan, say: Console.talk, report: StackVerb.show)
    } catch StackFailure.failed(let stack, let reasons) {
      Console.talk("atelier: \(StackFailure.failed(stack, reasons: reasons))")
    }
    let left = try destruction.left(of: plan)
    guard left.isEmpty else {
      for thing in left { Console.data("left: \(thing)\n") }
      Console.talk("atelier: remove by hand what is left, then type: atelier stack destroy")
      return ExitCode.stepFailed
    }
    try forget(plan.stack.id, session)
    Console.data("nothing is left of \(plan.stack.name)\n")
    return ExitCode.fine
  }

  private static func show(_ plan: DestructionPlan) {
    Console.talk("to remove, in this order:")
    func line(_ count: Int, _ noun: String, _ names: String) {
      if count > 0 { Console.talk("  " + Text.pad(Text.count(count, noun), 24) + " \(names)") }
    }
    for studio in plan.studios {
      line(studio.apps.count, "Studio app", list(studio.apps.map { "\($0.name) (\($0.type))" }))
      line(studio.spaces.count, "Studio space", list(studio.spaces))
      line(studio.profiles.count, "added user profile", list(studio.profiles))
      for system in studio.fileSystems {
        line(system.mountTargets.count, "mount target", list(system.mountTargets))
        line(1, "file system", "\(system.id), home folders of Studio with all that is in them")
      }
      line(studio.groups.count, "security group", list(studio.groups.map(\.name)))
    }
    if let bucket = plan.bucket {
      line(plan.uploads, "unfinished upload", "of s3://\(bucket)")
      line(plan.versions, "object version", "of s3://\(bucket), \(Text.size(plan.bytes))")
    }
    let resources = Text.pad(Text.count(plan.resources.count, "resource"), 24)
    Console.talk("  \(resources) of the stack \(plan.stack.name), which is \(plan.stack.status)")
  }

  /// The first few names.
  private static func list(_ names: [String]) -> String {
    names.count > 4
      ? names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
      : names.joined(separator: ", ")
  }

  private static func agreed(
    _ name: String, _ arguments: Arguments, _ signals: Signals
  ) throws -> Bool {
    if arguments.has("yes") { return true }
    guard Question.hasSomebody else {
      throw UsageError(
        "nobody to ask: standard input is no terminal; look at the list above, then add --yes")
    }
    let answer = Question.ask(
      "This cannot be undone. Type the stack's name, \(name), to go on: ", signals.token)
    return answer == name
  }

  /// Takes the stack out of config.ini, if it is the one that stands there.
  private static func forget(_ id: String, _ session: Session) throws {
    let known = try session.settings.string("AWS", "cfn_stack_id")
    guard !known.isEmpty, Session.stackName(known) == Session.stackName(id) else { return }
    try session.remember([(section: "AWS", key: "cfn_stack_id", value: "")])
  }
}
