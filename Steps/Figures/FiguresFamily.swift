// The list of this family's steps.
import AtelierStep

/// Figures of any workshop.
public enum FiguresFamily {
  /// The steps by which a worker finds its step's type.
  public static let steps: [any Step.Type] = [DrawFigure.self]
}
