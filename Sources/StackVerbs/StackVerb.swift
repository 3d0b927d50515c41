// The verbs of `atelier stack`, and what they share. The work is done in Stack.
import AWS
import CloudFormation
import CommandLine
import Content
import Project
import Stack
import Terminal

/// The verbs about the AWS stack behind config.ini.
package enum StackVerbs {
  package static let group = VerbGroup<VerbContext>(
    "stack", "the AWS stack behind config.ini: deploy, show, print, validate, destroy",
    details: """
      Exits 1 when CloudFormation failed or something is left, 2 when the call is invalid, 5 when a
      service is unreachable.
      """,
    verbs: [StackDeploy(), StackOutputs(), StackTemplate(), ValidateVerb(), StackDestroy()])
}

/// The options of all verbs of the stack.
enum StackOptions {
  static let yes = Flag("yes", short: "y", "do not ask")
  static let name = Option(
    "name", value: "NAME", "another stack (default: [AWS] cfn_stack_id, else atelier-<workshop>)")
}

/// What every verb of the stack works with.
struct StackCall {
  let session: Session
  let services: StackServices
  let signals: Signals
  /// The stack's name or id.
  let id: String

  var output: Console { session.output }

  /// Opens the services, and runs `body`; an interruption ends it with the signal's code.
  static func run(
    _ call: Call, _ context: VerbContext, changes: Bool, _ body: (StackCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, context)
    return try Signals.guarding { signals in
      let services = try session.stackServices(signals, changes: changes)
      do {
        return try body(
          StackCall(
            session: session, services: services, signals: signals,
            id: try session.stackID(call[StackOptions.name])))
      } catch StackFailure.interrupted(let advice) {
        context.output.error("atelier: interrupted; \(advice)")
        return signals.code
      }
    }
  }

  /// One event as a line; reasons only where they are none of CloudFormation's usual ones.
  func show(_ event: StackEvent) {
    let time = event.time.split(separator: "T").last.map { String($0.prefix(8)) } ?? ""
    let reason = event.reason.map { "  \($0)" } ?? ""
    output.message(
      Text.pad(time, 10) + Text.pad(event.status, 28) + Text.pad(event.resource, 28)
        + " \(event.type)\(reason)")
  }

  /// Prints what a stack has.
  func print(_ stack: StackDescription, isJSON: Bool) throws {
    if isJSON {
      try output.data(
        JSONValue.object([
          "v": 1, "event": "stack", "stack": .string(stack.id), "status": .string(stack.status),
          "outputs": .object(stack.outputs.mapValues { .string($0) }),
        ]).canonicalText() + "\n")
    } else {
      for (name, value) in stack.outputs.sorted(by: { $0.key < $1.key }) {
        try output.data(Text.pad(name, 24) + " \(value)\n")
      }
    }
  }
}
