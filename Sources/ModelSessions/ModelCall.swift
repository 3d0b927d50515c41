// What every verb about models works with: session, store, registry, and the person who decides.
import AtelierStep
import CloudFormation
import CommandLine
import Content
import LocalStores
import ModelRuns
import Models
import Names
import Planning
import Project
import Promotion
import RemoteCache
import Subprocess
import Terminal

/// A call of a verb about models.
package struct ModelCall {
  package static let model = Argument("digest")

  package let call: Call
  package let session: Session
  package let table: PromotionTable
  package let store: LocalStore
  package let shared: SharedStore?
  package let registry: ModelRegistry
  package let signals: Signals

  package var output: Console { session.output }

  /// Opens what the configuration names; a verb that only looks writes nothing.
  package static func run(
    _ call: Call, _ context: VerbContext, changes: Bool, targets: [String] = [],
    _ body: (ModelCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, targets: targets, context)
    return try Signals.guarding { signals in
      let use = RemoteUse(
        cache: changes ? .rw : .ro, isRequired: true,
        isCancelled: { signals.token.isCancelled })
      let store = try session.store(readOnly: !changes)
      defer { try? store.close() }
      return try body(
        ModelCall(
          call: call, session: session, table: PromotionTable(reading: session.configuration),
          store: store, shared: try session.remote(store, use)?.shared,
          registry: try session.registry(use), signals: signals))
    }
  }

  /// The name of the project: what endpoints begin with.
  package func project() throws -> String {
    let name = table.project.isEmpty ? session.workshop.name : table.project
    guard name.utf8.count <= 40,
      name.utf8.allSatisfy({
        (48...57).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-")
      }), name.first != "-", name.last != "-", !name.isEmpty
    else {
      throw UsageError(
        "[Accounts] project takes up to 40 small letters, digits and '-', not '\(name)'")
    }
    return name
  }

  // MARK: - Models

  /// Run records that are read for models.
  private static let mostRuns = 200

  /// The models of recorded runs, newest first.
  package func recorded(ofWorkshop workshop: String? = nil) throws -> [ModelEntry] {
    let catalogue = RunCatalogue(
      store: store, shared: shared, workshop: session.workshop.name)
    return try RecordedModels(catalogue).entries(workshop: workshop, most: Self.mostRuns)
  }

  /// A model by its digest or the beginning of one: its history, and its entry.
  ///
  /// A model that only runs know gets its entry from there.
  package func find(_ text: String) throws -> (history: ModelHistory, entry: ModelEntry) {
    let known = try registry.all()
    let recorded = try self.recorded()
    let models = Set(known.keys).union(recorded.map(\.model.digest))
    let model = try ModelName.find(text, among: models)
    let history = known[model] ?? ModelHistory(model: model, events: [])
    guard let entry = history.entry ?? recorded.first(where: { $0.model.digest == model }) else {
      throw ModelNameError(
        "the registry has decisions about \(model), but not what it is; atelier store pull brings the "
          + "registry of a shared store")
    }
    return (history, entry)
  }

  // MARK: - Who

  /// Who makes this call, by the best evidence that there is.
  ///
  /// Throws `UsageError` where nobody is known, or by a name that cannot be read.
  package func person() throws -> Person {
    let person = try known()
    guard LegibleText.isName(person.name) else {
      throw UsageError(
        "the name of who makes this call (\(person.evidence.words)) has control characters or marks of "
          + "direction; set [Accounts] user to one without, such as ada@example.com")
    }
    return person
  }

  private func known() throws -> Person {
    if !table.user.isEmpty { return Person(name: table.user, evidence: .setting) }
    if try session.usesBucket() {
      let clients = try session.serviceClients(isCancelled: { [signals] in signals.token.isCancelled
      })
      return Person(name: try clients.client("sts").callerIdentity().arn, evidence: .aws)
    }
    if let mail = gitMail() { return Person(name: mail, evidence: .git) }
    let user = session.environmentVariables["USER"].flatMap { $0.isEmpty ? nil : $0 }
    guard let user else {
      throw UsageError("nobody is known to make this call; set [Accounts] user, or USER")
    }
    return Person(name: user, evidence: .environment)
  }

  /// `user.email` of git in the project's folder; nil where there is no git or no such setting.
  private func gitMail() -> String? {
    guard let git = try? session.locator.path(of: Program("git")) else { return nil }
    var lines: [String] = []
    let exit = try? Command(
      executable: git, arguments: ["config", "--get", "user.email"],
      environment: session.environmentVariables.filter {
        ["HOME", "PATH", "XDG_CONFIG_HOME"].contains($0.key)
      }, directory: session.projectRoot
    ).run(output: .lines { lines.append($0) }, timeout: 10)
    guard exit?.succeeded == true, lines.count == 1, !lines[0].isEmpty else { return nil }
    return lines[0]
  }
}
