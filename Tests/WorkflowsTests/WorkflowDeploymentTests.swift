// Deployments and starts, with others at the same workflow.
import Content
import Testing

@testable import Workflows

struct WorkflowDeploymentTests {
  private let service = FakeService()
  private let deployment: WorkflowDeployment

  init() throws { deployment = WorkflowDeployment(service, try .quick()) }

  private func document(
    _ definition: String = "{}", role: String = "r", workshop: String = "churn"
  ) -> WorkflowDocument {
    WorkflowDocument(
      .machine, name: "churn", definition: definition, role: role,
      tags: [WorkflowTags.workshop: workshop, WorkflowTags.plan: definition], workshop: workshop,
      executionName: "abc")
  }

  @Test func whatDiffersIsChangedAndSaid() throws {
    #expect(try deployment.deploy(document()).change == .created)
    #expect(try deployment.deploy(document()).change == .unchanged)
    // The same JSON with other spaces is the same definition.
    service.change { $0.workflows["churn"]?.definition = "{ }" }
    #expect(try deployment.deploy(document()).change == .unchanged)
    #expect(
      try deployment.deploy(document("{\"a\":1}")).change == .updated(["definition", "tags"]))
    #expect(try deployment.deploy(document("{\"a\":1}", role: "s")).change == .updated(["role"]))
    service.change {
      $0.workflows["churn"]?.tags["old"] = "x"
      $0.workflows["churn"]?.tags["aws:cloudformation:stack"] = "theirs"
    }
    #expect(try deployment.deploy(document("{\"a\":1}", role: "s")).change == .updated(["tags"]))
    let tags = try #require(service.find("churn")).tags
    #expect(tags["old"] == nil && tags["aws:cloudformation:stack"] == "theirs")
  }

  @Test func theLoserOfTwoDeploymentsUpdates() throws {
    let theirs = document("{\"theirs\":1}")
    service.change {
      $0.before["create"] = { $0.workflows["churn"] = FakeService.deployed(theirs) }
    }
    let (workflow, change) = try deployment.deploy(document("{\"ours\":1}"))
    #expect(change == .updated(["definition", "tags"]))
    #expect(workflow.definition == "{\"ours\":1}")
  }

  @Test func oneThatIsBeingDeletedIsAwaited() throws {
    _ = try deployment.deploy(document())
    service.change {
      $0.workflows["churn"]?.isGoing = true
      $0.before["find"] = { state in
        state.before["find"] = { $0.workflows["churn"] = nil }
      }
    }
    #expect(try deployment.deploy(document()).change == .created)
  }

  @Test func whatOthersMadeIsRefused() throws {
    service.change { [self] in
      var theirs = FakeService.deployed(document())
      theirs.tags = [:]
      $0.workflows["churn"] = theirs
    }
    #expect(throws: WorkflowFailure.self) { try deployment.deploy(document()) }
    service.change { $0.workflows["churn"]?.tags = [WorkflowTags.workshop: "retail"] }
    #expect(throws: WorkflowFailure.self) { try deployment.deploy(document()) }
    #expect(!service.calls.contains("update") && !service.calls.contains("create"))
  }

  private func start(_ again: Bool = false) throws -> WorkflowDeployment.Start {
    let (workflow, _) = try deployment.deploy(document())
    return try deployment.start(workflow, document(), input: [:], again: again, call: "1")
  }

  @Test func theSamePlanStartsOnceUntilItFails() throws {
    guard case .started(let first) = try start() else { return #expect(Bool(false)) }
    #expect(first.name == "abc")
    guard case .known = try start() else { return #expect(Bool(false)) }
    for status in [ExecutionStatus.failed, .timedOut, .stopped] {
      service.change { state in
        for name in state.executions.keys { state.executions[name]?.status = status }
      }
      guard case .started(let next) = try start() else { return #expect(Bool(false)) }
      let number = service.calls.count { $0 == "start" }
      #expect(next.name == "abc-\(number)")
    }
    service.change { $0.executions["abc-4"]?.status = .succeeded }
    guard case .known(let last) = try start() else { return #expect(Bool(false)) }
    #expect(last.name == "abc-4")
    guard case .started(let again) = try start(true) else { return #expect(Bool(false)) }
    #expect(again.name == "abc-5")
  }

  @Test func theLoserOfTwoStartsSaysSo() throws {
    _ = try deployment.deploy(document())
    service.change {
      $0.before["start"] = {
        $0.executions["abc"] = WorkflowExecution(
          name: "abc", arn: "abc", status: .running, started: 0)
      }
    }
    guard case .lost(let other) = try start() else { return #expect(Bool(false)) }
    #expect(other.name == "abc")
  }

  @Test func anExecutionOfAFormerDefinitionIsStoppedAndStartedAnew() throws {
    _ = try deployment.deploy(document())
    service.change { $0.definitions["next"] = "{\"former\":1}" }
    guard case .started(let made) = try start() else { return #expect(Bool(false)) }
    #expect(made.name == "abc-2")
    #expect(service.execution("abc", of: FakeService.deployed(document()))?.status == .stopped)
  }
}
