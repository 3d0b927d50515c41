// The list of this family's steps, for the worker.
import AtelierStep

/// Steps that are Python files, and the environments that they run in.
public enum PythonFamily {
  /// Every step of the family.
  public static let steps: [any Step.Type] = [RunPython.self, UnpackEnvironment.self]
}
