// Which code each verb runs.

enum Verbs {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    switch arguments.command.name {
    case "run": try RunVerb.run(arguments, house)
    case "status": try StatusVerb.run(arguments, house)
    case "explain": try ExplainVerb.run(arguments, house)
    case "why": try WhyVerb.run(arguments, house)
    case "show": try ShowVerb.run(arguments, house)
    case "log": try LogVerb.run(arguments, house)
    case "shell": try ShellVerb.run(arguments, house)
    case "graph": try GraphVerb.run(arguments, house)
    case "verify": try VerifyVerb.run(arguments, house)
    case "diff": try DiffVerb.run(arguments, house)
    case "check": try CheckVerb.run(arguments, house)
    case "watch": try WatchVerb.run(arguments, house)
    case "report": try ReportVerb.run(arguments, house)
    case "list": try ListVerb.run(arguments, house)
    case "features": try FeaturesVerb.run(arguments, house)
    case "new": try NewVerb.run(arguments, house)
    case "store": try StoreVerb.run(arguments, house)
    case "completion": try CompletionVerb.run(arguments)
    case "config": try ConfigVerb.run(arguments, house)
    case "stack": try StackVerb.run(arguments, house)
    case "serve": try ServeVerb.run(arguments, house)
    case "invoke": try InvokeVerb.run(arguments, house)
    case "validate": try ValidateVerb.run(arguments, house)
    default: throw UsageError("the verb '\(arguments.command.name)' has no code")
    }
  }
}
