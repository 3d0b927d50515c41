// Schemas and data sets: made once whatever breaks, compared field by field, never a second identity.
import Content
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform
@testable import SchemaRegistry

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct DeploymentTests {
  private let space: PlatformSpace

  init() throws { space = try PlatformSandbox.shared().space() }

  private static let datasets = [
    DataSetDefinition(
      role: "events", name: "Atelier test events",
      schema: SchemaDefinition(
        title: "Atelier test events", summary: "Events", kind: .experienceEvent,
        standardGroups: ["https://ns.adobe.com/xdm/context/experienceevent-web"],
        fields: [TenantField("cmle_id", "string")], identity: "/_acme/cmle_id")),
    DataSetDefinition(
      role: "profiles", name: "Atelier test profiles",
      schema: SchemaDefinition(
        title: "Atelier test profiles", summary: "Users", kind: .profile,
        standardGroups: ["https://ns.adobe.com/xdm/context/profile-person-details"],
        identity: "/personID")),
  ]

  private func deployment(
    _ space: PlatformSpace, _ client: PlatformClient? = nil,
    _ datasets: [DataSetDefinition] = datasets
  ) throws -> PlatformDeployment {
    try PlatformDeployment(client ?? space.platform(), tenant: "acme", datasets: datasets)
  }

  private func counts(_ space: PlatformSpace) throws -> [String: Int64] {
    try (space.get("counts").object ?? [:]).filter { $0.key.hasPrefix("POST /data") }
      .mapValues { $0.integer ?? 0 }
  }

  private static let once: [String: Int64] = [
    "POST /data/foundation/schemaregistry/tenant/fieldgroups": 1,
    "POST /data/foundation/schemaregistry/tenant/schemas": 2,
    "POST /data/foundation/schemaregistry/tenant/descriptors": 2,
    "POST /data/foundation/catalog/dataSets": 2,
  ]

  @Test func whatIsMissingIsMadeOnce() throws {
    let first = try deployment(space)
    #expect(Set(try first.status().map(\.state)) == [.missing])
    let ids = try first.deploy { _ in }
    #expect(try first.status().allSatisfy { $0.state == .present })
    #expect(try deployment(space).deploy { _ in } == ids)
    #expect(try counts(space) == Self.once)
    #expect(try space.violations() == [])
    let set = try first.catalog.dataSet(ids["events"] ?? "")
    #expect(set?.isProfileEnabled == true && set?.name == "Atelier test events")
  }

  @Test(arguments: [true, false]) func killedAnywhereNothingIsMadeTwice(_ afterSending: Bool) throws
  {
    for last in 1...80 {
      let space = try PlatformSandbox.shared().space()
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try deployment(space, space.platform(transport: ending)).deploy { _ in }
        #expect(last > 20)
        return
      } catch is Killed {}
      // Every third call is enough to see each kind of call, and keeps the suite short.
      guard last % 3 == 0 || last > 30 else { continue }
      _ = try deployment(space).deploy { _ in }
      #expect(try counts(space) == Self.once, "killed at call \(last)")
      #expect(try space.violations() == [], "killed at call \(last)")
    }
    Issue.record("the deployment does not end")
  }

  @Test(arguments: [
    "/tenant/fieldgroups", "/tenant/schemas", "/tenant/descriptors", "/catalog/dataSets",
  ])
  func aPostThatTookEffectAndAnswered503IsFound(_ path: String) throws {
    try space.spoil([
      "match": .string(
        "POST /data/foundation" + (path.hasPrefix("/tenant") ? "/schemaregistry" : "") + path),
      "status": 503, "effect": true,
    ])
    _ = try deployment(space).deploy { _ in }
    #expect(try counts(space) == Self.once)
    #expect(try space.violations() == [])
  }

  @Test func allPagesAreSearched() throws {
    try space.turn(["registry_page": 2])
    let registry = Registry(try space.platform())
    for index in 0..<7 {
      var definition = Self.datasets[1].schema
      definition.title = "Another \(index)"
      _ = try registry.ensure(.schemas, titled: definition.title, definition.schema(group: nil))
    }
    _ = try deployment(space).deploy { _ in }
    #expect(try registry.find(.schemas, titled: "Another 6") != nil)
    #expect(try deployment(space).status().allSatisfy { $0.state == .present })
    #expect(try space.violations() == [])
  }

  @Test func whatDiffersIsNamedAndStays() throws {
    _ = try deployment(space).deploy { _ in }
    let before = try counts(space)
    var changed = Self.datasets
    changed[0].schema.fields.append(TenantField("more", "number"))
    changed[1].schema.identity = "/_acme/cmle_id"
    let failure = #expect(throws: DeploymentFailure.self) {
      _ = try deployment(space, nil, changed).deploy { _ in }
    }
    let text = failure?.description ?? ""
    #expect(text.contains("fields cmle_id string, expected cmle_id string, more number"), "\(text)")
    #expect(text.contains("its primary identity is /personID (ECID)"), "\(text)")
    #expect(try counts(space) == before)
  }

  @Test func aDataSetOfAnotherSchemaIsNamed() throws {
    _ = try deployment(space).deploy { _ in }
    var changed = Self.datasets
    changed[1].schema.title = "Atelier test people"
    let failure = #expect(throws: DeploymentFailure.self) {
      _ = try deployment(space, nil, changed).deploy { _ in }
    }
    #expect(failure?.description.contains("data set 'Atelier test profiles' differs") == true)
  }

  @Test func twoDataSetsOfOneNameAreAnError() throws {
    _ = try space.makeDataSet("Atelier test events")
    _ = try space.makeDataSet("Atelier test events")
    let failure = #expect(throws: DeploymentFailure.self) {
      _ = try deployment(space).deploy { _ in }
    }
    #expect(failure?.description.contains("2 data sets named 'Atelier test events'") == true)
  }

  @Test func anotherTenantIsSaidBeforeAnythingIsMade() throws {
    let failure = #expect(throws: DeploymentFailure.self) {
      _ = try PlatformDeployment(space.platform(), tenant: "cmle", datasets: Self.datasets)
    }
    #expect(failure?.description.contains("atelier config set Atelier.tenant=acme") == true)
    #expect(try counts(space) == [:])
  }

  @Test func whatWasMadeIsRemovedAsFarAsThePlatformAllows() throws {
    let deployment = try deployment(space)
    _ = try deployment.deploy { _ in }
    let kept = try deployment.destroy { _ in }
    // Schemas that feed profiles stay, and so does what they are made of.
    #expect(
      kept.map(\.name) == [
        "Atelier test events", "Atelier test events fields", "Atelier test profiles",
      ])
    #expect(try deployment.catalog.dataSets(named: "Atelier test events") == [])
    #expect(try deployment.destroy { _ in } == kept)
    #expect(try space.violations() == [])
  }
}
