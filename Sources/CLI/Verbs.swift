// Which code each verb runs.

enum Verbs {
  static func run(_ arguments: Arguments) throws -> Int32 {
    switch arguments.command.name {
    case "run": try RunVerb.run(arguments)
    case "status": try StatusVerb.run(arguments)
    case "explain": try ExplainVerb.run(arguments)
    case "why": try WhyVerb.run(arguments)
    case "show": try ShowVerb.run(arguments)
    case "log": try LogVerb.run(arguments)
    case "graph": try GraphVerb.run(arguments)
    case "verify": try VerifyVerb.run(arguments)
    case "list": try ListVerb.run(arguments)
    case "config": try ConfigVerb.run(arguments)
    default: throw UsageError("the verb '\(arguments.command.name)' has no code")
    }
  }
}
