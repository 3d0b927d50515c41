// The list of this family's steps, for the worker.
import AtelierStep
import LearningFormats
import PropensityFormats

/// Data that comes from outside: files of the user's own and downloads.
public enum SourceFamily {
  /// Every step of the family.
  public static let steps: [any Step.Type] = [
    ImportEvents.self, Download<EventFile>.self, Download<AnyFile>.self,
    Download<TableFile>.self, ReadWorkbook.self, ImportTable.self,
  ]
}
