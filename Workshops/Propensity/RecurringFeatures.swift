// Features of real events: users who recur are featurized by buckets over all batches, the others with
// their own batch.
import Atelier
import AtelierStep
import Featurize
import PropensityFormats

/// The batches of real events, sorted by user and bucket, and the users of more than one of them.
struct RecurringFeatures {
  let partials: [Artifact<EventPartial>]
  let users: Artifact<RecurringUsers>
  /// The time of the newest event of all, for a forecast.
  let newest: [Artifact<NewestEventTime>]
  let buckets: Int
  let tenant: String
  let seed: Int

  /// The steps `week2.<name>.<batch>` and `week2.<name>-bucket.<bucket>`; of the notebooks' own features
  /// the latter are `week2.bucket.<bucket>`.
  func features(
    _ p: inout PipelineBuilder, _ name: String, _ rows: RowRule
  ) -> [Artifact<FeatureTable>] {
    let own = partials.enumerated().map { batch, partial in
      p.add(
        "week2.\(name).\(batch)",
        FeaturizeUsers(
          partials: [partial], recurring: users, seed: seed, tenant: tenant, rows: rows,
          newest: newest)
      ).part
    }
    let bucketName = name == "features" ? "bucket" : name + "-bucket"
    let shared = (0..<buckets).map { bucket in
      p.add(
        "week2.\(bucketName).\(bucket)",
        FeaturizeUsers(
          partials: partials, recurring: users, bucket: bucket, seed: seed, tenant: tenant,
          rows: rows, newest: newest)
      ).part
    }
    return own + shared
  }
}
