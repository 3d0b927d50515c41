// An account of AWS in which stacks are made, by change sets.
import AWS
import CloudFormation
import Content
import HTTP
import S3
import Stack
import Tagging

/// An account of AWS.
package struct CloudStacks: StackAccount {
  package let id: String
  package let services: StackServices
  private let parameters: ParameterClient
  private let words: StackWords
  private let role: String?

  package var label: String { id }
  package var isFolder: Bool { false }

  /// `parameters` is a client of Systems Manager; `words` are the calls that errors propose; `role` makes
  /// resources, where the caller is not allowed to.
  package init(
    id: String, services: StackServices, parameters: ServiceClient, words: StackWords,
    role: String?
  ) {
    self.id = id
    self.services = services
    self.parameters = ParameterClient(parameters)
    self.words = words
    self.role = role
  }

  package func all() throws -> [PresentStack] {
    try ask("CloudFormation") { try services.cloud.stacks().map(Self.present) }
  }

  package func find(_ name: String) throws -> PresentStack? {
    try ask("CloudFormation") {
      try services.cloud.stack(name).flatMap { $0.isGone ? nil : Self.present($0) }
    }
  }

  package func isCurrent(_ stack: AccountStack, _ present: PresentStack) throws -> Bool {
    guard present.isSound, present.tags == stack.tags,
      stack.parameters.allSatisfy({ present.parameters[$0.key] == $0.value })
    else { return false }
    let template = try ask("CloudFormation") { try services.cloud.template(of: stack.name) }
    if template == stack.template { return true }
    // What a service keeps may be written otherwise.
    let (now, wished) = (
      try? JSONValue(parsing: template), try? JSONValue(parsing: stack.template)
    )
    return now != nil && now == wished
  }

  package func deploy(_ stack: AccountStack, say: (String) -> Void) throws -> PresentStack {
    if try find(stack.name)?.status == "ROLLBACK_COMPLETE" {
      // It holds nothing, and takes no change.
      say("\(stack.name) in \(id): its first creation was rolled back; removing it")
      _ = try remove(stack.name, say: say)
    }
    let deployment = StackDeployment(
      services, stack: stack.name, name: stack.name, template: stack.template,
      parameters: stack.parameters, tags: ResourceTags.none.adding(stack.tags), words: words,
      namesRoles: true, role: role)
    // A stack is what its template and parameters say, whatever it was before.
    let declared = try JSONValue(parsing: stack.template)["Parameters"]?.object ?? [:]
    let defaults = declared.compactMapValues { $0["Default"]?.string }
    let report: (StackEvent) -> Void = { event in
      if event.isFailure { say("\(event.resource) \(event.status): \(event.reason ?? "")") }
    }
    var tries = 0
    while true {
      do {
        switch try deployment.plan(defaults: defaults) {
        case .running: _ = try resume(deployment, stack, report)
        case .nothing(let found): return Self.present(found)
        case .changes(let changeSet, _):
          return Self.present(try deployment.execute(changeSet, report: report))
        }
      } catch {
        guard case StackFailure.service(_, let fault as ServiceFault) = error,
          Self.meansOvertaken(fault), tries < 20
        else { throw error }
        // Another call was faster: see what it makes of the stack.
        tries += 1
        guard services.timing.pause(0.2, unless: services.isCancelled) else { throw error }
      }
    }
  }

  private func resume(
    _ deployment: StackDeployment, _ stack: AccountStack, _ report: (StackEvent) -> Void
  ) throws -> Bool {
    guard let found = try ask("CloudFormation", { try services.cloud.stack(stack.name) }) else {
      return false
    }
    if found.isMoving { _ = try deployment.resume(found, report: report) }
    return true
  }

  private static func meansOvertaken(_ fault: ServiceFault) -> Bool {
    ["ChangeSetNotFound", "InvalidChangeSetStatus", "AlreadyExistsException"].contains(fault.code)
      || (fault.code == "ValidationError"
        && ["IN_PROGRESS", "already exists", "cannot be executed", "does not exist"].contains {
          fault.message.contains($0)
        })
  }

  package func remove(_ name: String, say: (String) -> Void) throws -> [String] {
    let destruction = StackDestruction(services, stack: name, words: words)
    guard let plan = try destruction.plan() else { return [] }
    do {
      try destruction.carryOut(plan, say: say, report: { _ in })
    } catch StackFailure.failed(let stack, let reasons) {
      say("\(StackFailure.failed(stack, reasons: reasons))")
    }
    return try destruction.left(of: plan)
  }

  package func put(_ asset: AccountStack.Asset) throws {
    try ask("S3") {
      let bucket = try services.bucket(asset.bucket, nil)
      if let found = try? bucket.get(asset.key), found.bytes == Array(asset.text.utf8) { return }
      try bucket.put(Array(asset.text.utf8), key: asset.key, contentType: "application/json")
    }
  }

  package func parameter(_ name: String) throws -> String? {
    try ask("Systems Manager") { try parameters.value(name) }
  }

  private func ask<Answer>(_ service: String, _ body: () throws -> Answer) throws -> Answer {
    try AccountCalls.asking(service, words: words, body)
  }

  private static func present(_ stack: StackDescription) -> PresentStack {
    PresentStack(
      name: stack.name, status: stack.status, parameters: stack.parameters,
      outputs: stack.outputs, tags: stack.tags)
  }
}

/// Calls of services whose errors name the service.
package enum AccountCalls {
  package static func asking<Answer>(
    _ service: String, words: StackWords, _ body: () throws -> Answer
  ) throws -> Answer {
    do {
      return try body()
    } catch let failure as StackFailure {
      throw failure
    } catch let failure as TransportFailure {
      guard failure.kind == .cancelled else { throw StackFailure.service(service, failure) }
      throw StackFailure.interrupted(advice: "`\(words.deploy)` goes on from here")
    } catch let error as S3Error {
      guard error.kind == .cancelled else { throw StackFailure.service(service, error) }
      throw StackFailure.interrupted(advice: "`\(words.deploy)` goes on from here")
    } catch {
      throw StackFailure.service(service, error)
    }
  }
}
