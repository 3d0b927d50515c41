// The settings of several accounts: `[Accounts]`.
import Atelier

/// Where the accounts are named, and how each is reached.
package struct AccountsTable: SettingsTable {
  @Setting(
    "Accounts", "file", "accounts.json of the framework: a list of sets, or one set; empty: none")
  package var file = ""
  @Setting(
    "Accounts", "constants", "constants.py of the framework, read as data; empty: none")
  package var constants = ""
  @Setting(
    "Accounts", "people",
    "JSON list of people with mail, set, project and cost_center, for `accounts access`; empty: none"
  )
  package var people = ""
  @Setting("Accounts", "set", "the set of accounts that is meant, by its SET_NAME")
  package var set = ""
  @Setting(
    "Accounts", "governance",
    "account that deploys to the others: 12 digits, or a folder that stands for an account; empty: "
      + "PIPELINE_ACCOUNT of constants.py")
  package var governance = ""
  @Setting(
    "Accounts", "dev", "account where models are developed; empty: DEV_ACCOUNT of the file")
  package var dev = ""
  @Setting(
    "Accounts", "preprod", "account where models are tried; empty: PREPROD_ACCOUNT of the file")
  package var preprod = ""
  @Setting(
    "Accounts", "prod", "account where models are used; empty: PROD_ACCOUNT of the file")
  package var prod = ""
  @Setting(
    "Accounts", "region",
    "region of all accounts; empty: DEPLOYMENT_REGION of the file, then DEFAULT_DEPLOYMENT_REGION of "
      + "constants.py, then [AWS] region")
  package var region = ""
  @Setting(
    "Accounts", "prefix",
    "beginning of names; empty: APP_PREFIX of constants.py, then mlops")
  package var prefix = ""
  @Setting("Accounts", "profile_governance", "profile of the shared AWS files for governance")
  package var governanceProfile = "mlops-governance"
  @Setting("Accounts", "profile_dev", "profile of the shared AWS files for dev")
  package var devProfile = "mlops-dev"
  @Setting("Accounts", "profile_preprod", "profile of the shared AWS files for preprod")
  package var preprodProfile = "mlops-preprod"
  @Setting("Accounts", "profile_prod", "profile of the shared AWS files for prod")
  package var prodProfile = "mlops-prod"
  @Setting(
    "Accounts", "role",
    "role to assume in an account without a profile; empty: the deployment role of its bootstrap")
  package var role = ""

  package init() {}

  /// The setting of a place, by its key.
  func place(of use: AccountUse) -> String {
    switch use {
    case .governance: governance
    case .tier(.dev): dev
    case .tier(.preprod): preprod
    case .tier(.prod): prod
    }
  }

  /// The profile that reaches an account.
  package func profile(of use: AccountUse) -> String {
    switch use {
    case .governance: governanceProfile
    case .tier(.dev): devProfile
    case .tier(.preprod): preprodProfile
    case .tier(.prod): prodProfile
    }
  }
}
