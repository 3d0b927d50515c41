// The list of this family's steps, for the worker.
import AtelierStep

/// Steps that are SQL files.
public enum SQLFamily {
  /// Every step of the family.
  public static let steps: [any Step.Type] = [RunSQL.self]
}
