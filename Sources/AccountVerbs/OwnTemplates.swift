// SageMaker's own project templates, which are switched off, so that only the catalogue's product is offered.
import AWS
import AccountCalls
import AccountDeployment
import Accounts
import Content
import Stack

/// The switch of the dev account; nil where that is a folder.
struct OwnTemplates {
  private let service: ServiceClient

  init?(_ accounts: AccountCall) throws {
    guard !accounts.set.dev.isFolder else { return nil }
    service = try accounts.clients(.tier(.dev)).client("sagemaker", host: "api.sagemaker")
  }

  /// `Enabled`, `Disabled`, or nil where the service does not say.
  func status() throws -> String? {
    try call("GetSagemakerServicecatalogPortfolioStatus")["Status"]?.string
  }

  func switchOff() throws {
    if try status() == "Enabled" { _ = try call("DisableSagemakerServicecatalogPortfolio") }
  }

  private func call(_ action: String) throws -> JSONValue {
    try AccountCalls.asking("SageMaker", words: AccountCall.words) {
      try service.json("SageMaker.\(action)", .object([:]))
    }
  }
}
