// The artifact formats that the propensity families hand to each other: types, and no code.
import AtelierStep
import LearningFormats

// MARK: - Week 1

/// Experience events of one snapshot batch in the XDM shape, ordered by (timestamp, _id).
///
/// Columns: `_id` VARCHAR, `eventType` VARCHAR, `timestamp` TIMESTAMP (UTC, microseconds),
/// `producedBy` VARCHAR, `eventMergeId` VARCHAR (null in simulated events), `_<tenant>`
/// STRUCT(cmle_id VARCHAR), `directMarketing` STRUCT(emailDelivered, sends, emailVisitorID,
/// hashedEmail, messageID, offerOpens, opens, clicks), `web` STRUCT(webInteraction, webPageDetails,
/// webReferrer). A measure such as `sends` is a STRUCT(value DOUBLE); a struct without any value is
/// null.
public enum EventTable: ParquetFormat {}
/// Where each event of a batch stands in the user's file, in the order of its `EventTable`.
///
/// Column: `line` BIGINT, from 1 up: a line of text, or a row of Parquet.
public enum EventLines: ParquetFormat {}
/// Events of a set that have the `_id` of an earlier one: `batch` BIGINT from 0 up, `_id` VARCHAR.
public enum RepeatedEvents: ParquetFormat {}
/// What features need of a batch's events, ordered by (bucket, user, timestamp, _id).
///
/// Columns: `bucket` BIGINT, `_<tenant>` STRUCT(cmle_id VARCHAR), `_id` VARCHAR, `eventType` VARCHAR,
/// `timestamp` TIMESTAMP. Events without a user are left out.
public enum EventPartial: ParquetFormat {}
/// The users who have events in more than one batch: `bucket` BIGINT, `userId` VARCHAR, ordered by both.
public enum RecurringUsers: ParquetFormat {}
/// Profiles of one snapshot batch, one row a user, ordered by user number.
///
/// Columns: `personID` VARCHAR (the ECID, as `cmle_id` in events), `person` STRUCT(name
/// STRUCT(firstName, lastName), gender), `personalEmail` STRUCT(address), `mobilePhone`
/// STRUCT(number), `homeAddress` STRUCT(street1, city, state, postalCode),
/// `loyalty` STRUCT(loyaltyID BIGINT[], tier, points INTEGER, joinDate TIMESTAMP).
public enum ProfileTable: ParquetFormat {}
/// A file of events as a user supplies it: Parquet, CSV or JSON lines in the XDM shape.
public enum EventFile: ArtifactFormat {
  /// Any bytes: the file's format is a parameter of the step that reads it.
  public static let mediaType = "application/octet-stream"
  /// None: users name the file.
  public static let fileExtension = ""
}
/// Rows and users of all batches: rows, users.
public enum Statistics: CSVFormat {}
/// The sample and its extrapolation: sampleRows, estimate, actual.
public enum Sampling: CSVFormat {}
/// Some rows as people look at them: _id, eventType, timestamp, producedBy, userId, and
/// directMarketing and web as JSON.
public enum SampleRows: CSVFormat {}
/// eventType, distinctUsers, distinctEvents.
public enum Funnel: CSVFormat {}
/// eventTypeFirst, eventTypeLater, distinctUsers, probability.
public enum Cooccurrence: CSVFormat {}
/// eventType, pearsonCorrelation.
public enum Correlation: CSVFormat {}

// MARK: - Weeks 2 and 3

/// newest: the time of the newest event with a user, UTC to the microsecond.
public enum NewestEventTime: CSVFormat {}
/// Labels and features of one batch, one row a user: see the Featurize family for the columns.
public enum FeatureTable: ParquetFormat {}
/// The featurized data set as files `part-00000.<format>` ....
public enum FeatureExport: ArtifactFormat {
  /// A folder of files of one format.
  public static let mediaType = "application/vnd.atelier.export+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}

// MARK: - Week 4

/// The rows that propensity models are trained, chosen and tested on: a tree of dense matrices.
///
/// `meta.json` names features, label and the parts `train`, `validation`, `test` and `probe`, which is
/// the first of `validation` again, with their rows and positives; `<part>.features.f32` and
/// `<part>.labels.f32` are little-endian 32-bit floats, row by row, NaN for null.
public enum PropensityData: ArtifactFormat {
  /// A folder of matrices with `meta.json`.
  public static let mediaType = "application/vnd.atelier.propensity+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}
/// A model of the propensity to subscribe: XGBoost's UBJSON, with its columns and encodings in it.
public enum PropensityModel: ArtifactFormat {
  /// XGBoost's binary JSON (UBJSON).
  public static let mediaType = "application/vnd.xgboost.ubj"
  /// `ubj`.
  public static let fileExtension = "ubj"
}
/// Metrics on the validation rows, hyperparameters and all settings of one trained model.
public enum TrialResult: JSONFormat {}
/// The registered version: model name, version, stage, metrics, chosen trial, all settings.
public enum ModelVersion: JSONFormat {}
/// One row on the test part: accuracy, auc with its 95 % interval, what the choice reported, the
/// baseline's, what knowing nothing gives, the class balance, and the confusion matrix at 0.5.
public enum Metrics: CSVFormat {}
/// falsePositiveRate, truePositiveRate, threshold.
public enum ROCCurve: CSVFormat {}
/// recall, precision, threshold.
public enum PrecisionRecallCurve: CSVFormat {}
/// tenth, rows, positives, precision, lift, gain, lowestScore: by falling score.
public enum LiftTable: CSVFormat {}
/// from, to, rows, meanPrediction, positiveShare.
public enum CalibrationCurve: CSVFormat {}
/// feature, meanAbsoluteShap, gain: from the most to the least important.
public enum FeatureImportances: CSVFormat {}
/// part, column, psi, flagged: how far each part of the export lies from the others.
public enum DriftTable: CSVFormat {}
/// userId, prediction.
public enum Scores: CSVFormat {}
/// userId: who has subscribed already.
public enum Subscribers: CSVFormat {}

// MARK: - Week 5

/// propensityBucket, reach.
public enum Histogram: CSVFormat {}
/// propensityBucket, reachAbove, reachBelow.
public enum ReachCurve: CSVFormat {}
/// from, to, reach.
public enum Topology: CSVFormat {}
/// rule, reach, and how many of those have subscribed already.
public enum Segment: CSVFormat {}
/// The segment's definition as the platform takes it.
public enum SegmentDefinition: JSONFormat {}
/// userId.
public enum Members: CSVFormat {}
