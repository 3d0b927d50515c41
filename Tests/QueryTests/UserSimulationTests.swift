// The simulated process against its own arithmetic, and one user event by event.
import CPortableMath
import Foundation
import Testing

@testable import Query

@Suite struct UserSimulationTests {
  static let users = 20_000
  static let population: [[SimulatedEvent]] = {
    let simulation = UserSimulation(seed: 2024)
    return (0..<users).map(simulation.events(of:))
  }()

  /// What the process implies: a dependent type keeps the draw of the last origin alone, so its mean
  /// is its own mean times the probability of at least one origin.
  static let expectedMeans: [EventType: Double] = {
    func some(_ mean: Double) -> Double { 1 - Foundation.exp(-mean) }
    let opened = some(5) * some(2)
    let viewed = some(1)
    let product = viewed * some(0.5)
    return [
      .adImpression: 1, .adClick: 0.1 * some(1), .emailSent: 5, .emailOpened: 2 * some(5),
      .emailClicked: 0.5 * opened, .pageView: 1, .linkClick: 0.5 * viewed,
      .productView: 0.5 * viewed, .propositionDisplay: 0.5 * viewed, .purchase: 0.1 * product,
      .propositionInteract: 0.1 * product, .propositionDismiss: 0.1 * product,
      // No closed form: 0.1505 in 200,000 users of an independent program, standard error 0.0008.
      .subscription: 0.1505,
    ]
  }()

  @Test(arguments: EventType.allCases)
  func aTypeOccursAsOftenAsTheProcessSays(type: EventType) throws {
    let counts = Self.population.map { events in Double(events.count { $0.type == type }) }
    let mean = counts.reduce(0, +) / Double(Self.users)
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Self.users)
    let expected = try #require(Self.expectedMeans[type])
    let error = (variance / Double(Self.users)).squareRoot() + (type == .subscription ? 0.0008 : 0)
    #expect(abs(mean - expected) < 4 * error, "mean \(mean), expected \(expected) ± \(error)")
  }

  @Test func spontaneousEventsFillTheWindowAndOthersFollowLater() {
    let week: Int64 = 7 * 24 * 3600 * 1_000_000
    var counts = [Int](repeating: 0, count: EventWindow.weeks)
    for event in Self.population.joined() where event.type == .emailSent {
      counts[Int(event.microseconds / week)] += 1
      #expect(event.microseconds % 1_000_000 == 0)
    }
    let expected = Double(counts.reduce(0, +)) / 10
    #expect(counts.allSatisfy { abs(Double($0) - expected) < 5 * expected.squareRoot() })
    for events in Self.population {
      let sent = events.first { $0.type == .emailSent }?.microseconds ?? .max
      let opened = events.first { $0.type == .emailOpened }?.microseconds ?? .max
      let clicked = events.first { $0.type == .emailClicked }?.microseconds ?? .max
      #expect(opened == .max || sent <= opened)
      #expect(clicked == .max || opened <= clicked)
    }
  }

  @Test func delaysHaveTheirMeans() {
    // A user with one e-mail sent has all openings after it, 24 hours later on average.
    let delays = Self.population.flatMap { events -> [Double] in
      let sent = events.filter { $0.type == .emailSent }
      guard sent.count == 1 else { return [] }
      return events.filter { $0.type == .emailOpened }
        .map { Double($0.microseconds - sent[0].microseconds) / 3.6e9 }
    }
    let mean = delays.reduce(0, +) / Double(delays.count)
    #expect(delays.count > 500)
    #expect(abs(mean - 24) < 4 * 24 / Double(delays.count).squareRoot())
  }

  @Test func atMostOneSubscriptionSixtySecondsAfterAnEventThatMayLeadToIt() {
    for events in Self.population {
      let subscriptions = events.filter { $0.type == .subscription }
      #expect(subscriptions.count <= 1)
      for subscription in subscriptions {
        let cause = events.first {
          $0.microseconds == subscription.microseconds - 60_000_000
            && $0.type.mayLeadToSubscription
        }
        #expect(cause != nil)
      }
    }
  }

  @Test func propensityMovesSubscription() {
    // A purchase and a click on a proposition add 0.1 each, a dismissal takes 0.2 away.
    func share(_ type: EventType) -> Double {
      let having = Self.population.filter { $0.contains { $0.type == type } }
      return Double(having.count { $0.contains { $0.type == .subscription } })
        / Double(having.count)
    }
    #expect(share(.purchase) > share(.productView))
    #expect(share(.propositionInteract) > share(.propositionDismiss) + 0.1)
  }

  @Test func usersAreInTimeOrderAndDependOnSeedAndNumber() {
    for events in Self.population {
      #expect(events.map(\.microseconds) == events.map(\.microseconds).sorted())
    }
    #expect(UserSimulation(seed: 2024).events(of: 7) == Self.population[7])
    #expect(UserSimulation(seed: 2025).events(of: 7) != Self.population[7])
  }

  @Test func oneUserEventByEvent() {
    let events = UserSimulation(seed: 7).events(of: 3)
    #expect(
      events.map { "\($0.microseconds) \($0.type.behaviour.name)" } == [
        "52673000000 directMarketing.emailSent", "298959000000 directMarketing.emailSent",
        "1325746000000 directMarketing.emailSent", "2113325000000 web.webpagedetails.pageViews",
        "2416429000000 directMarketing.emailSent", "2912748000000 directMarketing.emailSent",
        "3001474522473 directMarketing.emailOpened", "3056395445746 directMarketing.emailOpened",
        "4211340000000 directMarketing.emailSent", "4354997000000 web.webpagedetails.pageViews",
        "4355113178338 decisioning.propositionDisplay", "4355173178338 web.formFilledOut",
        "4471267000000 web.webpagedetails.pageViews", "5457040000000 web.webpagedetails.pageViews",
      ])
  }
}
