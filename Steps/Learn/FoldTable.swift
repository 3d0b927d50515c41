// The format of the table of folds. It reads none.
import AtelierStep
import LearningFormats

/// One row a fold: fold, rows, and a column a metric in the order of their names.
public enum FoldTable: CSVFormat {}
