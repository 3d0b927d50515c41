// Tags of the configuration are on everything that a compiled document creates.
import Atelier
import AtelierStep
import Compile
import Content
import Jobs
import Plans
import Templates
import Testing

@Suite struct TagTests {
  private var tagged: JobSettings {
    var tagged = settings
    tagged.tags = ["CostCenter": "123", "atelier:job": "no"]
    return tagged
  }

  private func tags(_ list: JSONValue?) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: (list?.array ?? []).map {
        ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "")
      })
  }

  @Test func aTemplateTagsItsResourcesAndJobs() throws {
    let plan = try makePlan("one") { p in _ = p.add("one.make", Make()) }
    let template = try CompiledTemplate(plan, grain: .stage, tagged).document
    let resources = try #require(template["Resources"]?.object)
    #expect(resources.count == 3)
    for (name, resource) in resources {
      #expect(tags(resource["Properties"]?["Tags"])["CostCenter"] == "123", "\(name)")
    }
    let text = resources["StateMachine"]?["Properties"]?["DefinitionString"]?.string
    let states = try JSONValue(parsing: try #require(text))["States"]?.object ?? [:]
    let jobs = states.values.compactMap { $0["Parameters"]?["Tags"] }.map(tags)
    #expect(jobs.count == 1)
    // Atelier's own tags say what a job is, whatever the configuration says.
    #expect(jobs.first?["CostCenter"] == "123" && jobs.first?["atelier:job"] == "one")
  }

  @Test func withoutTagsNothingIsAdded() throws {
    let plan = try makePlan("one") { p in _ = p.add("one.make", Make()) }
    let template = try CompiledTemplate(plan, grain: .stage, settings).document
    for resource in template["Resources"]?.object?.values.map({ $0 }) ?? [] {
      #expect(resource["Properties"]?["Tags"] == nil)
    }
  }
}
