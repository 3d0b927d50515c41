// A step made from its key document, and run.
import AtelierStep
import Content

/// Decodes a step from a key document, and what no key holds, and runs it.
package enum StepInvocation {
  package static func run<S: Step>(
    _ type: S.Type, _ document: KeyDocument, unkeyed: [String: JSONValue], _ context: StepContext
  ) throws {
    let step = try StepTemplate.decode(
      type, parameters: document.parameters, inputs: document.inputs.keys,
      outputs: document.outputs.keys, unkeyed: unkeyed,
      texts: document.texts)
    guard step.sql == document.sql else {
      throw StepFailure("the worker's SQL of \(S.stepName) is not the runner's; run it again")
    }
    guard step.scripts == document.scripts else {
      throw StepFailure("the worker's scripts of \(S.stepName) are not the runner's; run it again")
    }
    try step.run(in: context)
  }
}
