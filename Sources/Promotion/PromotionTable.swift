// What settings say of deciding about models and of promoting them: further keys of `[Accounts]`.
import Atelier

/// Who decides, whom to believe, and what each tier demands.
package struct PromotionTable: SettingsTable {
  @Setting(
    "Accounts", "user",
    "who decides about models, such as ada@example.com; empty: the identity that AWS gives where the "
      + "registry is in a bucket, else user.email of git, else USER")
  package var user = ""
  @Setting(
    "Accounts", "project", "name of the project in names of endpoints; empty: the workshop's")
  package var project = ""
  @Setting(
    "Accounts", "trusted_keys",
    "files of public keys, with commas between; a model enters preprod and prod only with an attestation "
      + "by one of them; empty: none is needed")
  package var trustedKeys = ""
  @Setting(
    "Accounts", "trusted_builder", "builder that attestations must name; empty: any")
  package var trustedBuilder = ""
  @Setting(
    "Accounts", "attestation_days",
    "days since a build after which its attestation is no longer accepted; 0: for ever",
    in: 0...36_500)
  package var attestationDays = 0
  @Setting(
    "Accounts", "preprod_baseline",
    "baseline whose numbers a model must have to enter preprod; empty: no gate")
  package var preprodBaseline = ""
  @Setting(
    "Accounts", "preprod_tolerance",
    "how far each number may be off there: 0.05 is a share, =0.05 an amount; empty: what the baseline says"
  )
  package var preprodTolerance = ""
  @Setting(
    "Accounts", "prod_baseline",
    "baseline whose numbers a model must have to enter prod; empty: no gate")
  package var prodBaseline = ""
  @Setting(
    "Accounts", "prod_tolerance",
    "how far each number may be off there: 0.05 is a share, =0.05 an amount; empty: what the baseline says"
  )
  package var prodTolerance = ""
  @Setting(
    "Accounts", "preprod_bucket",
    "bucket of models in the account of preprod; empty: <prefix>-<project>-<account>")
  package var preprodBucket = ""
  @Setting(
    "Accounts", "prod_bucket",
    "bucket of models in the account of prod; empty: <prefix>-<project>-<account>")
  package var prodBucket = ""
  @Setting(
    "Accounts", "endpoint_role",
    "name of the role that endpoints have in the account of their tier; empty: the project's own, and where "
      + "there is none, no endpoint is made"
  )
  package var endpointRole = ""
  @Setting(
    "Accounts", "endpoint_instance", "machine of the endpoints of tiers, such as ml.m5.large")
  package var endpointInstance = "ml.m5.large"
  @Setting(
    "Accounts", "model_group",
    "model package group of SageMaker in which decisions about models are mirrored; empty: none")
  package var modelGroup = ""

  package init() {}

  /// The baseline that is the gate of a tier; empty for none.
  package func baseline(of tier: PromotionTier) -> String {
    tier == .preprod ? preprodBaseline : prodBaseline
  }

  /// The tolerance of a tier as it was typed, and its key.
  package func tolerance(of tier: PromotionTier) -> (key: String, text: String) {
    tier == .preprod
      ? ("preprod_tolerance", preprodTolerance) : ("prod_tolerance", prodTolerance)
  }

  /// The bucket of a tier; empty for the usual one.
  package func bucket(of tier: PromotionTier) -> String {
    tier == .preprod ? preprodBucket : prodBucket
  }
}
