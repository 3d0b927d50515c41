// Replaces the placeholders in arguments and environment. It knows paths and starts nothing.
import AtelierStep

/// The values of an invocation's placeholders in a running step.
struct Placeholders {
  private let values: [String: String]

  init(
    _ invocation: Invocation, script: String?, outputs: [String: String],
    in context: StepContext
  ) throws {
    var values = ["scratch": context.scratch("")]
    for (name, path) in outputs { values["output:\(name)"] = path }
    for (name, input) in invocation.inputs { values["input:\(name)"] = try input.path(in: context) }
    values["script"] = script
    self.values = values.mapValues { Self.relative($0, to: context.directory) }
  }

  /// Paths below the step's folder are given from there, without its name.
  private static func relative(_ path: String, to directory: String) -> String {
    let start = directory + "/"
    let inner = path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
    return inner.hasSuffix("/") ? String(inner.dropLast()) : inner
  }

  /// The text with its placeholders replaced; other braces stay as they are.
  func fill(_ text: String) throws -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      guard let close = inside.firstIndex(of: "}"), isPlaceholder(inside[..<close]) else {
        result += "{"
        rest = inside
        continue
      }
      result += try value(String(inside[..<close]))
      rest = inside[inside.index(after: close)...]
    }
    return result + rest
  }

  private func isPlaceholder(_ name: Substring) -> Bool {
    name == "script" || name == "scratch" || name.hasPrefix("input:") || name.hasPrefix("output:")
  }

  private func value(_ name: String) throws -> String {
    guard let value = values[name] else {
      let known = values.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
      throw StepFailure("the command uses {\(name)}, which it does not declare; it has \(known)")
    }
    return value
  }
}
