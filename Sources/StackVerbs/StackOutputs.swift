// `atelier stack outputs`: what the stack has.
import CommandLine
import Project
import Stack
import Terminal

struct StackOutputs: Verb {
  let name = "outputs"
  let summary = "print what the stack has: bucket, user, Studio domain; no secrets"
  let examples = [Example("atelier stack outputs --json", "names and ids")]
  let stackName = StackOptions.name
  let json = Shared.json

  var parameters: [any Parameter] { [stackName, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try StackCall.run(call, context, changes: false) { stack in
      guard let found = try stack.services.stack(stack.id), !found.isGone else {
        throw UsageError("there is no stack \(stack.id); type: atelier stack deploy")
      }
      try stack.print(found, isJSON: call[json])
      return ExitCode.success
    }
  }
}
