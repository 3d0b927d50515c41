// `atelier environment show`: the packages of an environment, their sizes and licences.
import AtelierStep
import CommandLine
import Content
import Project
import Python
import Terminal

struct EnvironmentShowVerb: Verb {
  let name = "show"
  let summary = "the packages of an environment: versions, sizes and licences"
  let details = """
    The packages of Scripts/NAME.lock. Size and licence are those of the unpacked wheel: the bytes of
    its files, and License-Expression of its metadata, else License, else its classifiers. They are
    known once a run has unpacked the environment; nothing is downloaded.
    """
  let examples = [
    Example("atelier environment show sklearn", "names, versions, sizes, licences"),
    Example("atelier environment show sklearn --json", "the same; sizes in bytes"),
  ]
  let environment = Argument("NAME")
  let json = Shared.json

  var parameters: [any Parameter] { [environment, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: [], context)
    let name = try EnvironmentName(call.word(environment), session)
    let file = name.path(name.lock)
    guard FileSystem.isFile(file) else {
      throw UsageError(
        "there is no \(name.lock); `atelier environment lock \(name.text)\(session.option)` makes it"
      )
    }
    let script = Script(
      name: "\(name.text).lock", text: String(decoding: try FileSystem.read(file), as: UTF8.self))
    let packages = try PythonLock(script).packages
    let wheels: [String: UnpackedWheel]
    do {
      wheels = try UnpackedWheel.all(of: script, session)
    } catch let problem as UnpackedWheel.Unknown {
      context.output.message("sizes and licences are not known: \(problem)")
      wheels = [:]
    }
    try context.output.data(
      call[json] ? try Self.document(packages, wheels) : Self.text(packages, wheels))
    return ExitCode.success
  }

  private static func document(
    _ packages: [PythonLock.Package], _ wheels: [String: UnpackedWheel]
  ) throws -> String {
    let values = packages.map { package -> JSONValue in
      let wheel = wheels[WheelMetadata.normal(package.name)]
      return [
        "name": .string(package.name), "version": .string(package.version),
        "files": .integer(Int64(package.hashes)),
        "bytes": wheel.map { .integer($0.bytes) } ?? .null,
        "license": wheel?.license.map { .string($0) } ?? .null,
      ]
    }
    return try JSONValue.array(values).canonicalText() + "\n"
  }

  private static func text(
    _ packages: [PythonLock.Package], _ wheels: [String: UnpackedWheel]
  ) -> String {
    let rows = packages.map { package in
      let wheel = wheels[WheelMetadata.normal(package.name)]
      return [
        package.name, package.version, wheel.map { Text.size($0.bytes) } ?? "-",
        wheel.map { TextWidth.oneLine($0.license ?? "not stated") } ?? "-",
        Text.count(package.hashes, "file"),
      ]
    }
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      [
        Text.pad(row[0], widths[0]), Text.pad(row[1], widths[1]), Text.padLeft(row[2], widths[2]),
        Text.pad(row[3], widths[3]), row[4],
      ].joined(separator: "  ") + "\n"
    }.joined()
  }
}
