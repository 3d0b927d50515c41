// SageMaker as a cluster: a training job a task, since training jobs take any container, keep machines
// warm and have spot prices. Names are unique for ever, so nothing is submitted twice.
import AWS
import Clusters
import Content
import HTTP
import SageMaker

/// Tasks as training jobs.
package struct SageMakerDriver: ClusterDriver {
  private let sagemaker: SageMakerClient
  private let settings: SageMakerSettings

  package init(_ sagemaker: SageMakerClient, settings: SageMakerSettings) {
    self.sagemaker = sagemaker
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
      // A job that is there already is one whose answer was lost.
      try Self.asking { _ = try sagemaker.createTrainingJob(parameters) }
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
    let summaries = try Self.asking { try sagemaker.trainingJobs(containing: prefix) }
    return summaries.compactMap { entry in
      guard let text = entry["TrainingJobName"]?.string, text.hasPrefix(prefix),
        let name = TaskJobName(text)
      else { return nil }
      let state = TaskJobStatus(entry).state(node: text)
      return (name, ClusterTask(id: name.id, batch: name.batch, state: state))
    }
  }

  package func ends(of tasks: [ClusterTask.ID]) -> [ClusterTask.ID: ClusterEnd] {
    var ends: [ClusterTask.ID: ClusterEnd] = [:]
    for task in tasks {
      guard let name = TaskJobName(task),
        let answer = try? sagemaker.trainingJob(name.text),
        case .ended(let end, _) = TaskJobStatus(answer).state(node: name.text)
      else { continue }
      ends[task] = end
    }
    return ends
  }

  package func cancel(_ tasks: [ClusterTask.ID]) throws(ClusterFailure) {
    for task in tasks {
      guard let name = TaskJobName(task) else { continue }
      try Self.asking { try sagemaker.stopTrainingJob(name.text) }
    }
  }

  package func machine(for resources: ClusterResources) -> String? {
    try? TaskJobRequest(settings: settings).instanceType(resources)
  }

  private static func asking<Answer>(
    _ body: () throws -> Answer
  ) throws(ClusterFailure) -> Answer {
    do {
      return try body()
    } catch {
      throw failure(error)
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
