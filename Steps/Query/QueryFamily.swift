// The list of this family's steps, for the worker.
import AtelierStep

/// Week 1: simulated events and profiles, what is repeated in a set of events, and their exploration.
public enum QueryFamily {
  /// Every step of the family.
  public static let steps: [any Step.Type] = [
    SimulateEvents.self, SimulateProfiles.self, CountStatistics.self, SampleEvents.self,
    SampleEstimate.self, EventFunnel.self, EventCooccurrence.self, SubscriptionCorrelation.self,
    FindRepeatedEvents.self, DropRepeatedEvents.self,
  ]
}
