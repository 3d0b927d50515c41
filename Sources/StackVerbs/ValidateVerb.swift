// `atelier stack validate`: one line for each thing that the platform's data flow needs.
import CommandLine
import Content
import Project
import Stack
import Terminal

struct ValidateVerb: Verb {
  let name = "validate"
  let summary = "test config, credentials, stack, secret and bucket, each in turn"
  let details = """
    One line per check, with what to do where one fails. The last three write, read and remove an
    object with the data flow's own key, as the platform would. Ends in SUCCESS, or exits 2 (yours to
    correct) or 5 (unreachable). It never prints a secret.
    """
  let examples = [Example("atelier stack validate", "after atelier stack deploy")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    return try Signals.guarding { signals in
      let configuration = StackConfiguration(
        stack: try session.settings.string("AWS", "cfn_stack_id"),
        bucket: try session.settings.string("AWS", "s3_bucket_name"),
        prefix: try session.settings.string("AWS", "s3_prefix").split(separator: "/")
          .joined(separator: "/"))
      let validation = StackValidation(
        configuration, mark: String(UInt64.random(in: .min ... .max), radix: 16),
        services: { try session.stackServices(signals, changes: false) })
      var code = ExitCode.success
      do {
        let isFine = try validation.run { finding in
          if !finding.isFine { code = finding.isUsage ? ExitCode.usage : ExitCode.storeUnusable }
          try? context.output.data(call[json] ? Self.json(finding) : Self.text(finding))
        }
        if let failure = context.output.failure { throw failure }
        if isFine, !call[json] { try context.output.data("SUCCESS\n") }
        return code
      } catch StackFailure.interrupted(let advice) {
        context.output.error("atelier: interrupted; \(advice)")
        return signals.code
      }
    }
  }

  private static func text(_ finding: Finding) -> String {
    let head = Text.pad(finding.isFine ? "ok" : "FAILED", 7) + Text.pad(finding.check, 12)
    let remedy = finding.remedy.map { Text.pad("", 19) + "to do: \($0)\n" } ?? ""
    return "\(head)\(finding.text)\n\(remedy)"
  }

  private static func json(_ finding: Finding) -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "stack-check", "check": .string(finding.check), "ok": .bool(finding.isFine),
      "text": .string(finding.text),
    ]
    if let remedy = finding.remedy { fields["remedy"] = .string(remedy) }
    return ((try? JSONValue.object(fields).canonicalText()) ?? "") + "\n"
  }
}
