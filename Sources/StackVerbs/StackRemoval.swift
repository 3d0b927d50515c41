// `atelier stack destroy`: the plan, the question, the removal and what is left.
import CommandLine
import Project
import Stack
import Terminal

struct StackDestroy: Verb {
  let name = "destroy"
  let summary = "remove the stack and all that is in it"
  let details = """
    Shows what would be removed (Studio apps, home folders, every version of every object, the
    stack), asks for the stack's name, removes it in this order and lists what is left. Interrupted,
    it continues when called again.
    """
  let examples = [
    Example("atelier stack destroy", "review the list, then type the stack's name")
  ]
  let yes = StackOptions.yes
  let stackName = StackOptions.name

  var parameters: [any Parameter] { [yes, stackName] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try StackCall.run(call, context, changes: true) { try destroy(call, $0) }
  }

  private func destroy(_ call: Call, _ stack: StackCall) throws -> Int32 {
    let output = stack.output
    let destruction = StackDestruction(stack.services, stack: stack.id)
    guard let plan = try destruction.plan() else {
      output.message("there is no stack \(Session.stackName(stack.id)); nothing to remove")
      try Self.forget(stack.id, stack.session)
      return ExitCode.success
    }
    Self.show(plan, output)
    guard try Self.isConfirmed(plan.stack.name, call, stack) else {
      output.message("nothing was removed")
      return stack.signals.declined
    }
    do {
      try destruction.carryOut(plan, say: output.message, report: stack.show)
    } catch StackFailure.failed(let name, let reasons) {
      output.error("atelier: \(StackFailure.failed(name, reasons: reasons))")
    }
    let left = try destruction.left(of: plan)
    guard left.isEmpty else {
      for thing in left { try output.data("left: \(thing)\n") }
      output.error("atelier: remove by hand what is left, then type: atelier stack destroy")
      return ExitCode.stepFailed
    }
    try Self.forget(plan.stack.id, stack.session)
    try output.data("\(plan.stack.name) removed completely\n")
    return ExitCode.success
  }

  private static func show(_ plan: DestructionPlan, _ output: Console) {
    output.message("to remove, in this order:")
    func line(_ count: Int, _ noun: String, _ names: String) {
      if count > 0 { output.message("  " + Text.pad(Text.count(count, noun), 24) + " \(names)") }
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
    output.message("  \(resources) of the stack \(plan.stack.name), which is \(plan.stack.status)")
  }

  /// The first few names.
  private static func list(_ names: [String]) -> String {
    names.count > 4
      ? names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
      : names.joined(separator: ", ")
  }

  private static func isConfirmed(
    _ name: String, _ call: Call, _ stack: StackCall
  ) throws -> Bool {
    try Question.isConfirmed(
      "This cannot be undone. Type the stack's name, \(name), to go on: ",
      yes: call[StackOptions.yes], stack.output, stack.signals.token
    ) { $0 == name }
  }

  /// Takes the stack out of config.ini, if it is the one named there.
  private static func forget(_ id: String, _ session: Session) throws {
    let known = try session.settings.string("AWS", "cfn_stack_id")
    guard !known.isEmpty, Session.stackName(known) == Session.stackName(id) else { return }
    try session.remember([(section: "AWS", key: "cfn_stack_id", value: "")])
  }
}
