// How tasks become training jobs of SageMaker. It asks nobody.

/// What every training job of a store is made with.
package struct SageMakerSettings: Sendable, Hashable {
  /// The image of Atelier.
  package var image: String
  /// The ARN of the containers' role.
  package var role: String
  /// The machine of every task; nil: the smallest that has what its steps reserve.
  package var instanceType: String?
  /// GiB of a machine's disk.
  package var volumeSize: Int
  /// Seconds that a machine waits for another task of the same kind; 0: none waits.
  package var keepAliveSeconds: Int
  /// Whether machines may be taken away at any time, for a lower price.
  package var isSpot: Bool
  /// Seconds that a task may wait for such a machine.
  package var longestWait: Int
  /// Seconds of a task with a step that has no timeout.
  package var longestSeconds: Int
  /// The folder in a bucket below which SageMaker wants to put what a training leaves.
  package var output: String
  /// The region in which tasks find the store.
  package var region: String
  /// Tags of every job, by key.
  package var tags: [String: String]

  package init(
    image: String, role: String, instanceType: String? = nil, volumeSize: Int = 30,
    keepAliveSeconds: Int = 0, isSpot: Bool = false, longestWait: Int = 86_400,
    longestSeconds: Int = 86_400, output: String, region: String, tags: [String: String] = [:]
  ) {
    self.image = image
    self.role = role
    self.instanceType = instanceType
    self.volumeSize = volumeSize
    self.keepAliveSeconds = keepAliveSeconds
    self.isSpot = isSpot
    self.longestWait = longestWait
    self.longestSeconds = longestSeconds
    self.output = output
    self.region = region
    self.tags = tags
  }
}
