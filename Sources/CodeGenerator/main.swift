// The program that the plugins put into the build: names of files in, a Swift source out. It knows
// nothing of targets; which files belong to one is the plugins' business.
import CodeGeneration
import Fingerprint
import Foundation

/// `code-generator scripts TARGET FOLDER OUTPUT COUNT SOURCE... SCRIPT...`: COUNT sources of the
/// workshop, then the files below FOLDER.
func scripts(_ arguments: [String]) throws {
  guard arguments.count > 3, let count = Int(arguments[3]), count <= arguments.count - 4 else {
    throw FingerprintError.usage("scripts: found \(arguments.count) arguments")
  }
  let (target, folder, output) = (arguments[0], arguments[1], arguments[2])
  let sources = arguments.dropFirst(4).prefix(count)
  var files: [String: [UInt8]] = [:]
  for name in arguments.dropFirst(4 + count) where !isByteCode(name) {
    files[name] = try read("\(folder)/\(name)")
  }
  let workshop = try WorkshopType.name(target: target, sources: sources.map(read))
  let table = try ScriptTable(
    workshop: workshop, folder: "Workshops/\(target)/Scripts", files: files)
  try GeneratedFile(text: table.source).write(to: output)
}

/// `code-generator texts TARGET FOLDER OUTPUT FILE...`: the files by their paths below FOLDER.
func texts(_ arguments: [String]) throws {
  guard arguments.count > 2 else {
    throw FingerprintError.usage("texts: found \(arguments.count) arguments")
  }
  let files = try arguments.dropFirst(3).filter { !isByteCode($0) }.map { name in
    (name, try read("\(arguments[1])/\(name)"))
  }
  let embedded = try EmbeddedFiles(
    folder: arguments[0], files: Dictionary(files, uniquingKeysWith: { first, _ in first }))
  try GeneratedFile(text: embedded.source).write(to: arguments[2])
}

/// `code-generator family FAMILY COMPILER TOOLS FLAGS ROOT OUTPUT OWN SQL PATH...`: the paths are OWN
/// Swift sources of the family, SQL files of its folder SQL, then the other sources of what it imports;
/// all relative to ROOT.
func family(_ arguments: [String]) throws {
  guard arguments.count > 7, let own = Int(arguments[6]), let sql = Int(arguments[7]),
    own + sql <= arguments.count - 8
  else { throw FingerprintError.usage("family: found \(arguments.count) arguments") }
  let (name, root, output) = (arguments[0], arguments[4], arguments[5])
  let compiler = try compilerVersion(arguments[1])
  let build = [
    "compiler": compiler.version, "target": compiler.target, "tools": arguments[2],
    "flags": arguments[3],
  ]
  let paths = arguments.dropFirst(8)
  let files = try paths.dropFirst(own + sql).map { try SourceFile(path: $0, below: root) }
  let sources = try paths.prefix(own).map { try SourceFile(path: $0, below: root) }
  var texts: [String: [UInt8]] = [:]
  for path in paths.dropFirst(own).prefix(sql) {
    texts[String(path.split(separator: "/").last ?? "")] = try read("\(root)/\(path)")
  }
  let code = try FamilyCode(
    Family(name: name, sources: sources), sources: (sources + files).map { try HashedSource($0) },
    build: build, sql: SQLFiles(folder: "Steps/\(name)/SQL", files: texts))
  try GeneratedFile(text: code.source).write(to: output)
}

/// `code-generator program OUTPUT PART...`, each part being `family TARGET 0` or
/// `workshop TARGET COUNT SOURCE...`.
func program(_ arguments: [String]) throws {
  var rest = arguments.dropFirst()
  var families: [String] = []
  var workshops: [(target: String, type: String)] = []
  while let kind = rest.popFirst() {
    guard let target = rest.popFirst(), let count = rest.popFirst().flatMap({ Int($0) }) else {
      throw FingerprintError.usage("program: '\(kind)' lacks a target and a count")
    }
    let sources = rest.prefix(count)
    rest = rest.dropFirst(count)
    if kind == "family" {
      families.append(target)
    } else {
      let type = try WorkshopType.name(target: target, sources: sources.map(read))
      workshops.append((target, type))
    }
  }
  let catalogue = Catalogue(families: families, workshops: workshops)
  try GeneratedFile(text: catalogue.source).write(to: arguments.first ?? "")
}

/// What Python leaves beside a module that it imported.
func isByteCode(_ name: String) -> Bool { name.split(separator: "/").contains("__pycache__") }

func read(_ path: String) throws -> [UInt8] {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw FingerprintError.unreadable(path: path)
  }
  return Array(data)
}

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  switch arguments.first {
  case "family": try family(Array(arguments.dropFirst()))
  case "program": try program(Array(arguments.dropFirst()))
  case "scripts": try scripts(Array(arguments.dropFirst()))
  case "texts": try texts(Array(arguments.dropFirst()))
  default:
    throw FingerprintError.usage(
      "found '\(arguments.first ?? "")' instead of 'family', 'program', 'scripts' or 'texts'")
  }
} catch let error as GenerationError {
  // Refusals begin with their place, as those of the compiler do.
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
} catch {
  FileHandle.standardError.write(Data("error: code-generator: \(error)\n".utf8))
  exit(1)
}
