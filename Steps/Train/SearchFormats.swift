// The formats of what the search writes. It reads none.
import AtelierStep
import LearningFormats

/// A draw of the search and the metrics of its short training.
public enum ProbeResult: JSONFormat {}
/// A draw of the search: number, hyperparameters and the seed of all samples.
public enum TrialDraw: JSONFormat {}
/// One row a draw: trial (its number), trees, maxDepth, minChildWeight, learningRate, rowSample,
/// columnSample, probeAuc; accuracy and auc of those trained in full; chosen.
public enum TrialTable: CSVFormat {}
