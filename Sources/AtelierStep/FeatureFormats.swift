// The artifacts on both sides of an ingestion into a feature group: what comes in, what is there.

/// Records for a feature group.
///
/// `group.json` is their `FeatureDefinition`. `event_date=<YYYY-MM-DD>/records.parquet` has the
/// records of one day of event time in UTC, in the order in which they came: of two records with the
/// same identifier and event time the later one counts. Records of many days lie by month or year
/// instead, in `event_month=<YYYY-MM>` or `event_year=<YYYY>`. The columns are the features.
public enum FeatureRecords: ArtifactFormat {
  /// The media type of records.
  public static let mediaType = "application/vnd.atelier.feature-records+directory"
  /// No file extension: the artifact is a tree.
  public static let fileExtension = ""
  /// True: a tree of files.
  public static let isTree = true
}

/// All that a feature group held after an ingestion, never changed by a later one.
///
/// `group.json` is the group's `FeatureDefinition`. `batches/<8 digits>/` has the files of each
/// ingestion as its records had them, the first being 1; files from before a feature was
/// added lack its column.
public enum FeatureHistory: ArtifactFormat {
  /// The media type of a group's history.
  public static let mediaType = "application/vnd.atelier.feature-history+directory"
  /// No file extension: the artifact is a tree.
  public static let fileExtension = ""
  /// True: a tree of files.
  public static let isTree = true
}
