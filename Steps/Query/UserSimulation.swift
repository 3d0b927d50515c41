// The events of one simulated user. It knows nothing of files, identities or dates.

/// An event at some microseconds after the start of the window.
struct SimulatedEvent: Equatable {
  let type: EventType
  let microseconds: Int64
}

/// Simulates users one by one; a user's events depend on the seed and the user's number alone.
struct UserSimulation {
  let seed: Int

  /// The events of a user in the order of time, ties by type.
  func events(of user: Int) -> [SimulatedEvent] {
    var random = RandomStream(seed: seed, user: user)
    var events = sorted(exposure(&random))
    if let subscribed = subscription(after: events, &random) {
      events.append(SimulatedEvent(type: .subscription, microseconds: subscribed))
      events = sorted(events)
    }
    return events
  }

  /// What happens to the user, before any subscription.
  private func exposure(_ random: inout RandomStream) -> [SimulatedEvent] {
    var times = [[Int64]](repeating: [], count: EventType.allCases.count)
    for type in EventType.spontaneous {
      let count = random.poisson(mean: type.mean)
      times[type.rawValue] = (0..<count).map { _ in
        Int64(random.integer(below: EventWindow.seconds)) * 1_000_000
      }
    }
    for (origin, dependents) in EventType.dependencies {
      for time in times[origin.rawValue] {
        for type in dependents {
          let count = random.poisson(mean: type.mean)
          // Replaced, not appended, as the workshop does: the last origin's draw stays.
          times[type.rawValue] = (0..<count).map { _ in
            time + random.delay(meanHours: type.behaviour.hoursAfter)
          }
        }
      }
    }
    return EventType.allCases.flatMap { type in
      times[type.rawValue].map { SimulatedEvent(type: type, microseconds: $0) }
    }
  }

  /// The time of the subscription, or nil: each event moves the probability, some offer the chance.
  private func subscription(
    after events: [SimulatedEvent], _ random: inout RandomStream
  ) -> Int64? {
    var probability = 0.001
    for event in events {
      probability = min(1, max(0, probability + event.type.behaviour.propensityDelta))
      if event.type.mayLeadToSubscription && random.uniform() < probability {
        return event.microseconds + 60_000_000
      }
    }
    return nil
  }

  private func sorted(_ events: [SimulatedEvent]) -> [SimulatedEvent] {
    events.sorted { ($0.microseconds, $0.type.rawValue) < ($1.microseconds, $1.type.rawValue) }
  }
}

extension EventType {
  /// The mean number of events in the window.
  fileprivate var mean: Double { behaviour.weeklyRate * Double(EventWindow.weeks) }
}

extension RandomStream {
  /// An exponential delay in whole microseconds.
  fileprivate mutating func delay(meanHours: Double) -> Int64 {
    Int64(exponential(mean: meanHours) * 3_600_000_000)
  }
}
