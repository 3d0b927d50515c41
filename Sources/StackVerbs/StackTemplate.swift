// `atelier stack template`: the template behind the stack, as text. It asks no service.
import Atelier
import CommandLine
import Project
import Terminal

struct StackTemplate: Verb {
  let name = "template"
  let summary = "print the CloudFormation template that deploy uses"
  let details = """
    Needs neither credentials nor a region. The parameters in it are those of `stack deploy -p`.
    """
  let examples = [Example("atelier stack template > stack.yaml", "for review, or for another tool")]

  var parameters: [any Parameter] { [] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    try context.output.data(try session.stackTemplate())
    return ExitCode.success
  }
}

extension Session {
  /// The template of the workshop's stack.
  func stackTemplate() throws -> String {
    guard let template = workshop.stackTemplate else {
      throw UsageError("the workshop \(workshop.name) has no stack")
    }
    return template
  }
}
