// The step that chooses which draws are trained in full. It trains nothing.
import AtelierStep
import LearningTools

/// The draws with the highest AUC of their probes, one to a place, best first.
///
/// Equal AUCs go to the lowest number; the order in which the probes are given does not matter. A place
/// holds nothing but its draw, so a draw that other probes move to another place is the same artifact,
/// and its training is not repeated.
public struct Shortlist: Step {
  /// The results of the probes.
  public var probes: [Artifact<ProbeResult>]
  /// A draw to each place.
  public var places: Outputs

  /// A choice of at most `places` draws; with fewer probes each has a place.
  public init(probes: [Artifact<ProbeResult>], places: Int) throws {
    self.probes = probes
    self.places = try Outputs(
      (0..<min(places, probes.count)).map {
        ArtifactDescription(name: Self.place($0), format: TrialDraw.self)
      })
  }

  /// The name of the output for a place, from 0 up.
  public static func place(_ index: Int) -> String { "place\(index)" }

  /// Writes the draws; fails where a draw is given twice.
  public func run(in context: StepContext) throws {
    let reports = try probes.enumerated().map { index, probe in
      try JSONReport.read(
        ProbeReport.self, from: context.path(probe), named: "result \(index) of the probes")
    }
    for (index, report) in try Self.ranked(reports).prefix(places.names.count).enumerated() {
      try JSONReport.write(report.draw, to: context.path(output: Self.place(index)))
      context.log("place \(index): draw \(report.draw.number), AUC \(report.auc)")
    }
  }

  /// The probes from the best to the worst.
  static func ranked(_ reports: [ProbeReport]) throws -> [ProbeReport] {
    let numbers = reports.map(\.draw.number)
    guard Set(numbers).count == numbers.count else {
      throw StepFailure("a probe's result is given twice: \(numbers.sorted())")
    }
    return reports.sorted { a, b in
      a.auc != b.auc ? a.auc > b.auc : a.draw.number < b.draw.number
    }
  }
}
