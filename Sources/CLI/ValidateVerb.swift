// `atelier validate`: a line for each thing that the platform's data flow needs.
import Content
import Stack

enum ValidateVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: [], house)
    let signals = try Signals()
    let configuration = StackConfiguration(
      stack: try session.settings.string("AWS", "cfn_stack_id"),
      bucket: try session.settings.string("AWS", "s3_bucket_name"),
      prefix: try session.settings.string("AWS", "s3_prefix").split(separator: "/")
        .joined(separator: "/"))
    let validation = StackValidation(
      configuration, mark: String(UInt64.random(in: .min ... .max), radix: 16),
      services: { try session.stackServices(signals, changes: false) })
    var code = ExitCode.fine
    do {
      let isFine = try validation.run { finding in
        if !finding.isFine { code = finding.isUsage ? ExitCode.usage : ExitCode.storeUnusable }
        Console.data(arguments.has("json") ? json(finding) : text(finding))
      }
      if isFine, !arguments.has("json") { Console.data("SUCCESS\n") }
      return code
    } catch StackFailure.interrupted(let advice) {
      Console.talk("atelier: interrupted; \(advice)")
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
  }

  private static func text(_ finding: Finding) -> String {
    let head = Text.pad(finding.isFine ? "ok" : "FAILED", 7) + Text.pad(finding.check, 12)
    let remedy = finding.remedy.map { Text.pad("", 19) + "to do: \($0)\n" } ?? ""
    return "\(head)\(finding.text)\n\(remedy)"
  }

  private static func json(_ finding: Finding) -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "check": .string(finding.check), "ok": .bool(finding.isFine),
      "text": .string(finding.text),
    ]
    if let remedy = finding.remedy { fields["remedy"] = .string(remedy) }
    return ((try? JSONValue.object(fields).canonicalText()) ?? "") + "\n"
  }
}
