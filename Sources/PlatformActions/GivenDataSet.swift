// The data set that a call names, and whether it is fit for what is loaded into it.
import AdobePlatform
import AtelierStep
import SchemaRegistry

/// Looks a data set up before anything is sent into it.
enum GivenDataSet {
  /// The data set of a call; throws where it is not there, or does not feed profiles though it must.
  ///
  /// Profile sees what comes after it was enabled only, so scores that come before are never evaluated.
  static func find(_ call: ActionCall) throws -> DataSet {
    let id = try call.text("dataset")
    let settings = call.services.client.settings
    try call.checked.check(tenant: try call.text("tenant"), Registry(call.services.client))
    guard let dataset = try call.services.catalog.dataSet(id) else {
      throw StepFailure(
        "there is no data set \(id) in the sandbox \(settings.sandbox); make one with: atelier aep deploy"
      )
    }
    guard call.flag("profile") == false || dataset.isProfileEnabled else {
      throw StepFailure(
        "the data set \(id) ('\(dataset.name)') is not enabled for Profile, so no segment would see its "
          + "rows; nothing was sent: enable it and its schema first, with: atelier aep deploy")
    }
    return dataset
  }
}
