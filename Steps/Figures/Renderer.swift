// Turns a specification into SVG with vl-convert, whose extension module Python loads.
// It knows no template.
import AtelierStep
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The extension module of vl-convert: Vega-Lite, Vega, the engine that runs them, and fonts.
  public static let vlConvert = Program("vl-convert", isExecutable: false)
  /// The Python that loads it, with the modules that lie beside it.
  public static let figurePython = Program("figure-python", python: .standard)
}

/// Draws one specification in a process of its own.
///
/// Starting costs about a second, of which vl-convert needs most; a figure a process keeps every
/// figure a cached step of its own, and figures are drawn side by side.
struct Renderer {
  static let programs: [Program] = [.figurePython, .vlConvert]

  private let context: StepContext

  init(_ context: StepContext) { self.context = context }

  /// The picture of a specification; `name` is the beginning of all its ids.
  func draw(_ specification: [UInt8], named name: String) throws -> [UInt8] {
    let command = Command(
      executable: try context.path(.figurePython),
      // -I and -S: no variable, no site package, no module of the folder.
      arguments: [
        "-I", "-S", "-B", "-c", RenderScript.text, try context.path(.vlConvert), name,
      ],
      environment: try environment(), directory: context.directory, supervised: false,
      newGroup: false)
    let captured = try capture(command, input: .bytes(specification))
    for line in captured.errorText.split(whereSeparator: \.isNewline) { context.log(String(line)) }
    guard captured.exit.succeeded else {
      let last = captured.errorText.split(whereSeparator: \.isNewline).suffix(12)
      throw StepFailure(
        "template '\(name)': vl-convert could not draw it (\(captured.exit.status)): "
          + last.joined(separator: "\n"))
    }
    return captured.stdout
  }

  /// The whole environment: fonts of the machine are hidden, so that texts are measured with
  /// vl-convert's own.
  private func environment() throws -> [String: String] {
    let fonts = context.scratch("fonts")
    try FileManager.default.createDirectory(atPath: fonts, withIntermediateDirectories: true)
    let configuration = context.scratch("fonts.conf")
    try Data("<fontconfig><dir>\(Self.escaped(fonts))</dir></fontconfig>\n".utf8)
      .write(to: URL(fileURLWithPath: configuration))
    var environment = [
      "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.scratch(""),
      "FONTCONFIG_FILE": configuration,
    ]
    // Chooses processor features, never bytes; a test switches some off to prove that.
    environment["GLIBC_TUNABLES"] = ProcessInfo.processInfo.environment["GLIBC_TUNABLES"]
    return environment
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }
}
