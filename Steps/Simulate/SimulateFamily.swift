// The list of this family's steps.
import AtelierStep

/// Look-alikes of public data sets, so that a workshop runs without a network.
public enum SimulateFamily {
  public static let steps: [any Step.Type] = [
    SimulateRetail.self, SimulateChurn.self, SimulateAbalone.self,
  ]
}
