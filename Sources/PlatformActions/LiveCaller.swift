// From a step's call to the action that does it.
import AdobePlatform
import AtelierStep
import Content
import FileTools

/// Makes the calls of one step.
struct LiveCaller: PlatformCaller {
  let services: PlatformServices
  let intents: String
  let budget: CallBudget
  let checked: CheckedVersions

  func perform(_ call: PlatformCall, log: @escaping @Sendable (String) -> Void) throws {
    let call = ActionCall(call, services: services, budget: budget, checked: checked, log: log)
    switch call.action {
    case "load-batch": try LoadBatchAction(call, effect(of: call)).run()
    case "create-table": try CreateTableAction(call, effect(of: call)).run()
    case "ask": try AskAction(call).run()
    case "bring": try BringAction(call).run()
    case "export": try ExportAction(call, effect(of: call)).run()
    case "import": try ImportAction(call, effect(of: call)).run()
    case "evaluate-segment": try SegmentAction(call, effect(of: call)).run()
    default:
      throw StepFailure("this program has no action '\(call.action)' of the platform")
    }
  }

  /// The effect of a call, named after all that it says: the same call is the same effect for ever.
  private func effect(of call: ActionCall) throws -> IntentFile {
    let name = IntentFile.name(of: ActionKey(try call.digest()))
    return IntentFile(name: name, path: "\(intents)/\(name).json")
  }
}
