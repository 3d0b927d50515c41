// The search for a model: all draws for a short time, then the best of them in full.
import Atelier
import AtelierStep
import LearningFormats
import PropensityFormats
import Train

/// What the search wrote.
struct ModelSearch {
  /// How many draws are trained in full.
  ///
  /// The best of 100 draws was among 32 on nine of ten simulated data sets, among 12 on seven.
  private static let places = 32

  /// The short training of each draw.
  let probes: [Artifact<ProbeResult>]
  /// The full training of the best of them.
  let trials: [Artifact<TrialResult>]
  /// The model of the best trial, and its version.
  let best: Node<SelectModel>

  /// Adds the steps; raising the number of draws trains the new probes, and those that become a trial.
  init(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, data: Artifact<PropensityData>,
    baseline: Artifact<TrialResult>
  ) throws {
    let probes = (0..<settings.trials).map { number in
      p.add("week4.probe.\(number)", Probe(data: data, number: number, seed: settings.seed)).result
    }
    let shortlist = try Shortlist(probes: probes, places: Self.places)
    let chosen = p.add("week4.shortlist", shortlist)
    let trials = shortlist.places.names.indices.map { place in
      p.add(
        "week4.trial.\(place)", Trial(data: data, draw: chosen.artifact(Shortlist.place(place))))
    }
    self.probes = probes
    self.trials = trials.map(\.result)
    best = p.add(
      "week4.model",
      SelectModel(
        baseline: baseline, trials: trials.map(\.result), models: trials.map(\.model),
        draws: settings.trials, modelName: settings.notebook.modelName))
  }
}
