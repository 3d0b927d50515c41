// The workshops of the program; Package.swift lists them, too.
import Abalone
import Atelier
import Churn
import Propensity
import Retail

enum Workshops {
  /// Every workshop; targets that name none mean the first.
  static let all: [any Workshop.Type] = [
    PropensityWorkshop.self,
    RetailWorkshop.self,
    ChurnWorkshop.self,
    AbaloneWorkshop.self,
  ]
}
