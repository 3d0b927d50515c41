// Training jobs of SageMaker.
import AWS
import Content
import HTTP

extension SageMakerClient {
  /// Creates a training job; false where there is one of the name already.
  package func createTrainingJob(_ parameters: JSONValue) throws -> Bool {
    do {
      _ = try call("CreateTrainingJob", parameters)
      return true
    } catch let fault as ServiceFault where fault.meansPresent {
      return false
    }
  }

  /// Summaries of the training jobs whose names hold a text, the newest first.
  package func trainingJobs(containing text: String) throws -> [JSONValue] {
    try all(
      "ListTrainingJobs", "TrainingJobSummaries",
      [
        "NameContains": .string(text), "MaxResults": 100, "SortBy": "CreationTime",
        "SortOrder": "Descending",
      ])
  }

  /// Stops a training job; one that has ended or was never made is fine.
  package func stopTrainingJob(_ name: String) throws {
    do {
      _ = try call("StopTrainingJob", ["TrainingJobName": .string(name)])
    } catch let fault as ServiceFault where fault.status == 400 && !fault.isTransient {
      return
    }
  }
}
