// What documents for AWS need beside the plan: image, role, place and machines.
import Jobs

/// Where jobs find image, role, store and machines.
public struct JobSettings: Sendable {
  /// Begins the names of jobs and machines; nil: the workshop's name.
  public var name: String?
  /// The image of Atelier; nil: each execution gives it, as `Image`.
  public var image: String?
  /// The role of the containers; nil: each execution gives it, as `JobRole`.
  public var role: String?
  /// The bucket of results and requests.
  public var bucket: String
  /// The prefix in it, without slashes at its ends; may be empty.
  public var prefix: String
  /// The region; empty for that of whoever reads the documents, in the partition `aws`.
  public var region: String
  /// Where a state machine has what the settings lack.
  package var parameterForm = ParameterForm.executionInput
  /// The image of a built-in algorithm; nil: each execution gives it, as `TrainingImage`.
  public var trainingImage: String?
  /// The machine of every job; nil: the smallest that has what its steps reserve.
  public var instanceType: String?
  /// The machines of some jobs or stages, by name.
  public var instanceTypes: [String: String]
  /// GiB of a machine's disk.
  public var volumeSize: Int
  /// Seconds of a job with a step that has no timeout of its own.
  public var longestSeconds: Int
  /// Tags of all that is created, beside Atelier's own.
  public var tags: [String: String] = [:]

  /// Settings of jobs; see the properties.
  public init(
    image: String? = nil, role: String? = nil, bucket: String, prefix: String,
    region: String = "", trainingImage: String? = nil, instanceType: String? = nil,
    instanceTypes: [String: String] = [:],
    volumeSize: Int = 30, longestSeconds: Int = 86_400
  ) {
    self.image = image
    self.role = role
    self.bucket = bucket
    self.prefix = prefix
    self.region = region
    self.trainingImage = trainingImage
    self.instanceType = instanceType
    self.instanceTypes = instanceTypes
    self.volumeSize = volumeSize
    self.longestSeconds = longestSeconds
  }

  /// What an execution is started with where the settings have no image.
  public static let imageParameter = "Image"
  /// What an execution is started with where the settings have no role.
  public static let roleParameter = "JobRole"

  /// What an execution is started with where no image of the algorithm is known.
  public static let trainingImageParameter = "TrainingImage"

  var imageValue: RequestValue { image.map { .text($0) } ?? .parameter(Self.imageParameter) }
  var trainingImageValue: RequestValue {
    trainingImage.map { .text($0) } ?? .parameter(Self.trainingImageParameter)
  }
  var roleValue: RequestValue { role.map { .text($0) } ?? .parameter(Self.roleParameter) }

  /// The tags of a job: those of the settings, and what of which plan it does.
  func tags(workshop: String, job: String, plan: String) -> [String: String] {
    tags.merging(["atelier:workshop": workshop, "atelier:job": job, "atelier:plan": plan]) { $1 }
  }

  /// A key in the bucket, below the prefix.
  func key(_ parts: String...) -> String {
    ([prefix].filter { !$0.isEmpty } + parts).joined(separator: "/")
  }
}

/// How much of a plan is one job.
public enum Grain: String, Sendable, CaseIterable {
  /// A job a step, with what is delivered of it.
  case step
  /// A job a stage, and one an arm of a branch.
  case stage
  /// One job for all; branches are decided in it.
  case whole
}
