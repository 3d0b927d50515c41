// `atelier environment`: the locked packages of Python steps.
import Atelier
import AtelierStep
import CommandLine
import Content
import Project
import Python
import ScriptSteps
import Subprocess
import Terminal

package enum EnvironmentVerbs {
  package static let group = VerbGroup<VerbContext>(
    "environment", "the locked packages of Python steps",
    verbs: [EnvironmentLockVerb(), EnvironmentShowVerb()])
}

/// The files of an environment in its workshop's folder Scripts.
struct EnvironmentName {
  let text: String
  private let folder: String
  private let root: String

  init(_ text: String, _ session: Session) throws {
    guard PlainName.isPlain(text) else {
      throw UsageError(
        "'\(text)' is not a valid name of an environment: expected letters, digits, '-' and '_', such as "
          + "sklearn for Scripts/sklearn.lock")
    }
    self.text = text
    root = session.projectRoot
    folder = "Workshops/\(session.workshop.folder)/Scripts"
  }

  /// What is wanted, below the checkout.
  var requirements: String { "\(folder)/\(text).in" }
  /// What was chosen, below the checkout.
  var lock: String { "\(folder)/\(text).lock" }

  func path(_ file: String) -> String { "\(root)/\(file)" }
}

struct EnvironmentLockVerb: Verb {
  let name = "lock"
  let summary = "choose the versions of an environment's packages and write their hashes down"
  let details = """
    Reads Scripts/NAME.in of the workshop, or writes it where requirements are given, and writes
    Scripts/NAME.lock: each package that is needed, its version, and the SHA-256 of its wheels. A
    step with environment: "NAME.lock" sees these packages and no others. Versions are chosen for
    the Python that steps use; wheels only. Asks PyPI, or the index of UV_DEFAULT_INDEX.
    """
  let examples = [
    Example("atelier environment lock sklearn scikit-learn==1.5.2", "writes both files"),
    Example("atelier environment lock sklearn", "after an edit of Scripts/sklearn.in"),
  ]
  let environment = Argument("NAME")
  let wanted = Argument("requirement ...", count: Argument.any)

  var parameters: [any Parameter] { [environment, wanted] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: [], context)
    let name = try EnvironmentName(call.word(environment), session)
    let requirements = name.path(name.requirements)
    let old = FileSystem.isFile(requirements) ? try FileSystem.read(requirements) : nil
    let words = call[wanted]
    guard !words.isEmpty || old != nil else {
      throw UsageError(
        "there is no \(name.requirements): name the packages, such as "
          + "`atelier environment lock \(name.text) pandas\(session.option)`")
    }
    for word in words where word.hasPrefix("-") || word.contains("\n") {
      throw UsageError("'\(word)' is no requirement: expected one such as pandas or pandas==2.2.3")
    }
    let text = words.isEmpty ? old ?? [] : Array((words.joined(separator: "\n") + "\n").utf8)
    let lock = try compile(text, name, session)
    let count = try PythonLock(Script(name: "\(name.text).lock", text: lock)).packages.count
    try FileSystem.makeFolder(FileSystem.parent(of: requirements))
    if !words.isEmpty {
      try FileSystem.replace(requirements, with: text)
      try context.output.data(name.requirements + "\n")
    }
    try FileSystem.replace(name.path(name.lock), with: Array(lock.utf8))
    try context.output.data(name.lock + "\n")
    context.output.message(
      "\(count) packages; steps take them with environment: \"\(name.text).lock\"")
    return ExitCode.success
  }

  /// The lock for requirements.
  private func compile(
    _ requirements: [UInt8], _ name: EnvironmentName, _ session: Session
  ) throws -> String {
    let captured = try capture(
      Command(
        executable: try session.locator.path(of: .uv),
        arguments: [
          "pip", "compile", "-", "--python", try session.locator.path(of: .python),
          "--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate",
          "--no-config", "--no-progress", "--color", "never", "--no-python-downloads",
        ],
        environment: session.environmentVariables, directory: session.projectRoot, newGroup: false),
      input: .bytes(requirements))
    guard captured.exit.succeeded else {
      let said = captured.errorText.split(separator: "\n").map(String.init).joined(separator: " ")
      throw UsageError(
        "\(name.requirements) cannot be locked: "
          + said.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    let head = """
      # The packages of an environment with the digests of their wheels, made by
      #   atelier environment lock \(name.text)\(session.option)
      # of \(name.text).in, \(try PythonRequirements(String(decoding: requirements, as: UTF8.self)).note()).
      # Steps use exactly these.

      """
    return head + captured.text
  }
}
