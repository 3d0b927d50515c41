// From a session to the engine's surroundings: nothing is written before all input is checked.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Atelier
import AtelierStep
import CSystem
import CommandLine
import Execution
import FileTools
import LocalStores
import Names
import Planning
import Programs
import RemoteCache
import Subprocess

extension Session {
  /// The store's folder, absolute.
  ///
  /// A debug build keeps to temporary folders: its incremental builds may miss an edit, so its
  /// results must not be taken for those of the code.
  package func storeRoot() throws -> String {
    var root = fromHome(try storeSettings().root)
    guard !root.isEmpty else { throw SettingError("Atelier", "root", "the folder's name is empty") }
    // An installed program is used by many, each in a folder of their own.
    let folder =
      projectRoot == ProgramBundle.own?.root
      ? FileManager.default.currentDirectoryPath : projectRoot
    root = root.hasPrefix("/") ? root : "\(folder)/\(root)"
    #if DEBUG
      let temporary = FileManager.default.temporaryDirectory.path
      if !root.hasPrefix(temporary.hasSuffix("/") ? temporary : temporary + "/") {
        root = temporary + "/atelier-debug-store"
        output.message("atelier: debug build, using the temporary store \(root)")
      }
    #endif
    return root
  }

  /// A path whose `~/` stands for the user's home.
  func fromHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environmentVariables["HOME"] else { return path }
    return home + path.dropFirst(1)
  }

  /// The engine's surroundings.
  ///
  /// With `readOnly` nothing is written, not even the store's folders. `use` says what may be done
  /// with a shared store, and `planned` what a plan says of sources.
  package func environment(
    _ graph: Graph, _ selection: Selection, readOnly: Bool, use: RemoteUse = RemoteUse(),
    planned: [String: PlannedSource] = [:]
  ) throws -> EngineEnvironment {
    let locator = self.locator
    let root = try storeRoot()
    let seen =
      try readOnly
      ? []
      : InputCheck(
        session: self, graph: graph, selection: selection, planned: Set(planned.keys)
      ).run(root: root, use)
    let store = try LocalStore.open(
      root: root, readOnly: readOnly, waiting: sayWaiting)
    let remote = try remote(store, use)
    let program = try OwnProgram.path()
    return EngineEnvironment(
      store: store, shared: remote?.shared, published: remote?.published,
      sources: sources(store, use, sights: seen), platform: try livePlatform(store, use),
      planned: planned,
      programs: ProgramTable(
        locate: { try locator.path(of: $0) }, digest: { try store.memo.digest(ofFile: $0) },
        loads: ProgramLoads(index: store.index)),
      projectRoot: projectRoot, workerPath: program, catalogue: context.catalogue,
      host: host,
      clock: { Double(cs_wall_clock()) / 1e9 }, sourceDateEpoch: try sourceDateEpoch,
      passedEnvironment: environmentVariables.filter { PassedVariables.names.contains($0.key) },
      settings: recordedSettings, labels: try recordedLabels(),
      logLimit: try storeSettings().logLimit << 20)
  }

  /// Throws as a run does where something that the chosen nodes need from outside is missing.
  package func checkInputs(_ graph: Graph, _ selection: Selection) throws {
    _ = try InputCheck(session: self, graph: graph, selection: selection)
      .run(root: storeRoot(), RemoteUse())
  }

  /// The moment of SOURCE_DATE_EPOCH, in seconds since 1970; nil where it is not set.
  private var sourceDateEpoch: Double? {
    get throws {
      guard let text = environmentVariables["SOURCE_DATE_EPOCH"] else { return nil }
      guard let seconds = Double(text), (0...253_402_300_799).contains(seconds) else {
        throw UsageError(
          "SOURCE_DATE_EPOCH takes seconds since 1970, from 0 to 253402300799 (the end of the year "
            + "9999), not '\(text)'; `date +%s` prints such a number, milliseconds are too large")
      }
      return seconds
    }
  }

  /// The local store of a verb that needs nothing else.
  package func store(readOnly: Bool, alone: Bool = false) throws -> LocalStore {
    try LocalStore.open(
      root: try storeRoot(), readOnly: readOnly, alone: alone, waiting: sayWaiting)
  }

  /// Says why nothing happens yet.
  private func sayWaiting() {
    output.message("note: waiting for the end of `atelier store gc`")
  }

  /// Finds the programs that steps and verbs need.
  package var locator: ProgramLocator {
    ProgramLocator(projectRoot: projectRoot, environment: environmentVariables)
  }

  /// Who runs this on which machine, for records.
  package var host: String {
    "\(environmentVariables["USER"] ?? "uid-\(cs_user())")@\(HostName.own)"
  }

  /// Steps at a time; nil for as many as there are cores.
  package func configuredJobs(_ call: Call) throws -> Int? {
    if let jobs = call[Shared.jobs] { return jobs }
    let configured = try storeSettings().jobs
    return configured > 0 ? configured : nil
  }

  /// As many steps at a time as the machine has cores.
  package var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Steps at a time.
  package func jobs(_ call: Call) throws -> Int {
    try configuredJobs(call) ?? cores
  }
}
