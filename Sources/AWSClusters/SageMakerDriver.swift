// SageMaker as a cluster: a training job a task, since training jobs take any container, keep machines
// warm and have spot prices. Names are unique for ever, so nothing is submitted twice.
import AWS
import Clusters
import Content
import HTTP

/// Tasks as training jobs.
package struct SageMakerDriver: ClusterDriver {
  private let service: ServiceClient
  private let settings: SageMakerSettings

  package init(_ service: ServiceClient, settings: SageMakerSettings) {
    self.service = service
    self.settings = settings
  }

  package var name: String { "sagemaker" }

  package var cancelling: String { "aws sagemaker stop-training-job --training-job-name" }

  /// Each task is a request of its own.
  package func limits() throws(ClusterFailure) -> ClusterLimits { ClusterLimits(longestArray: 100) }

  package func submit(_ batch: ClusterBatch) throws(ClusterFailure) -> String {
    guard let arguments = batch.arguments else {
      throw ClusterFailure(.impossible, "a container has no shell; use `atelier workflow start`")
    }
    let attempt = try attempt(of: batch)
    let request = TaskJobRequest(settings: settings)
    for index in 0..<batch.count {
      let name = TaskJobName(batch: batch.name, index: index, attempt: attempt)
      let parameters = try request.parameters(name, arguments, batch.resources)
      do {
        _ = try service.json("SageMaker.CreateTrainingJob", parameters)
      } catch let fault as ServiceFault where fault.code == "ResourceInUse" {
        // The answer to an earlier request for the same job was lost.
        continue
      } catch {
        throw Self.failure(error)
      }
    }
    return "\(batch.name)-\(attempt)"
  }

  /// Which attempt a batch is: names of jobs that have ended cannot be used again.
  private func attempt(of batch: ClusterBatch) throws(ClusterFailure) -> Int {
    let last = try jobs(named: batch.name + "-").filter { $0.name.batch == batch.name }
    guard let newest = last.map(\.name.attempt).max() else { return 1 }
    // What was begun and not ended is gone on with.
    let isOpen = last.contains { $0.name.attempt == newest && !$0.task.hasEnded }
    return isOpen ? newest : newest + 1
  }

  package func tasks(named prefix: String) throws(ClusterFailure) -> [ClusterTask] {
    try jobs(named: prefix).map(\.task)
  }

  /// Training jobs by what their names begin with, the newest first.
  private func jobs(
    named prefix: String
  ) throws(ClusterFailure) -> [(name: TaskJobName, task: ClusterTask)] {
    var parameters: [String: JSONValue] = [
      "NameContains": .string(prefix), "MaxResults": 100, "SortBy": "CreationTime",
      "SortOrder": "Descending",
    ]
    var jobs: [(TaskJobName, ClusterTask)] = []
    while true {
      let page: JSONValue
      do {
        page = try service.json("SageMaker.ListTrainingJobs", .object(parameters))
      } catch {
        throw Self.failure(error)
      }
      for entry in page["TrainingJobSummaries"]?.array ?? [] {
        guard let text = entry["TrainingJobName"]?.string, text.hasPrefix(prefix),
          let name = TaskJobName(text)
        else { continue }
        let state = TaskJobStatus(entry).state(node: text)
        jobs.append((name, ClusterTask(id: name.id, batch: name.batch, state: state)))
      }
      guard let token = page["NextToken"]?.string, !token.isEmpty else { return jobs }
      parameters["NextToken"] = .string(token)
    }
  }

  package func ends(of tasks: [ClusterTask.ID]) -> [ClusterTask.ID: ClusterEnd] {
    var ends: [ClusterTask.ID: ClusterEnd] = [:]
    for task in tasks {
      guard let name = TaskJobName(task),
        let answer = try? service.json(
          "SageMaker.DescribeTrainingJob", ["TrainingJobName": .string(name.text)]),
        case .ended(let end, _) = TaskJobStatus(answer).state(node: name.text)
      else { continue }
      ends[task] = end
    }
    return ends
  }

  package func cancel(_ tasks: [ClusterTask.ID]) throws(ClusterFailure) {
    for task in tasks {
      guard let name = TaskJobName(task) else { continue }
      do {
        _ = try service.json(
          "SageMaker.StopTrainingJob", ["TrainingJobName": .string(name.text)])
      } catch let fault as ServiceFault where fault.status == 400 && !fault.isTransient {
        // It has ended, or was never made.
        continue
      } catch {
        throw Self.failure(error)
      }
    }
  }

  private static func failure(_ error: any Error) -> ClusterFailure {
    guard let fault = error as? ServiceFault else { return ClusterFailure(.unknown, "\(error)") }
    if fault.code == "ResourceLimitExceeded" || fault.isTransient {
      return ClusterFailure(fault.status >= 500 ? .unknown : .busy, "\(fault)")
    }
    return ClusterFailure(.impossible, "\(fault)")
  }
}
