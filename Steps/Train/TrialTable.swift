// The format of the table of trials. It reads none.
import AtelierStep
import LearningFormats

/// One row a trial: trial, family, trees, maxDepth, minChildWeight, learningRate, rowSample,
/// columnSample, nulls, accuracy, auc, chosen.
public enum TrialTable: CSVFormat {}
