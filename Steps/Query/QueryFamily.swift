// The list of this family's steps, for the worker.
import AtelierStep

/// Week 1: simulated events and profiles, and what is repeated in a set of events.
public enum QueryFamily {
  /// Every step of the family.
  public static let steps: [any Step.Type] = [
    SimulateEvents.self, SimulateProfiles.self, FindRepeatedEvents.self, DropRepeatedEvents.self,
  ]
}
