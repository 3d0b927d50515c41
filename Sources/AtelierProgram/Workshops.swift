// The workshops of the program; Package.swift lists them, too.
import Atelier
import Propensity

enum Workshops {
  /// Every workshop; targets that name none mean the first.
  static let all: [any Workshop.Type] = [
    PropensityWorkshop.self
  ]
}
