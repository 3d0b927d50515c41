// The machines of SageMaker: which is the smallest that has what a step reserves.

/// A kind of machine of SageMaker, with what it has.
///
/// Source: the price list of SageMaker; memory is that of the machine.
public struct InstanceSize: Hashable, Sendable {
  /// The name, with `ml.` in front.
  public let name: String
  /// Virtual cores.
  public let cpus: Int
  /// GiB of memory.
  public let memory: Int
  /// Graphics processors.
  public let gpus: Int

  /// The machines among which ``smallest(cpus:memory:gpus:)`` chooses, the cheapest first.
  public static let known: [InstanceSize] = [
    InstanceSize(name: "ml.t3.medium", cpus: 2, memory: 4, gpus: 0),
    InstanceSize(name: "ml.m5.large", cpus: 2, memory: 8, gpus: 0),
    InstanceSize(name: "ml.c5.xlarge", cpus: 4, memory: 8, gpus: 0),
    InstanceSize(name: "ml.m5.xlarge", cpus: 4, memory: 16, gpus: 0),
    InstanceSize(name: "ml.c5.2xlarge", cpus: 8, memory: 16, gpus: 0),
    InstanceSize(name: "ml.m5.2xlarge", cpus: 8, memory: 32, gpus: 0),
    InstanceSize(name: "ml.c5.4xlarge", cpus: 16, memory: 32, gpus: 0),
    InstanceSize(name: "ml.m5.4xlarge", cpus: 16, memory: 64, gpus: 0),
    InstanceSize(name: "ml.r5.4xlarge", cpus: 16, memory: 128, gpus: 0),
    InstanceSize(name: "ml.c5.9xlarge", cpus: 36, memory: 72, gpus: 0),
    InstanceSize(name: "ml.r5.8xlarge", cpus: 32, memory: 256, gpus: 0),
    InstanceSize(name: "ml.m5.12xlarge", cpus: 48, memory: 192, gpus: 0),
    InstanceSize(name: "ml.r5.12xlarge", cpus: 48, memory: 384, gpus: 0),
    InstanceSize(name: "ml.m5.24xlarge", cpus: 96, memory: 384, gpus: 0),
    InstanceSize(name: "ml.r5.24xlarge", cpus: 96, memory: 768, gpus: 0),
    InstanceSize(name: "ml.g4dn.xlarge", cpus: 4, memory: 16, gpus: 1),
    InstanceSize(name: "ml.g4dn.2xlarge", cpus: 8, memory: 32, gpus: 1),
    InstanceSize(name: "ml.g4dn.4xlarge", cpus: 16, memory: 64, gpus: 1),
    InstanceSize(name: "ml.g4dn.8xlarge", cpus: 32, memory: 128, gpus: 1),
    InstanceSize(name: "ml.g4dn.16xlarge", cpus: 64, memory: 256, gpus: 1),
    InstanceSize(name: "ml.g4dn.12xlarge", cpus: 48, memory: 192, gpus: 4),
    InstanceSize(name: "ml.p3.16xlarge", cpus: 64, memory: 488, gpus: 8),
  ]

  /// Whether a text is the name of a machine of SageMaker, known here or not: `ml.<family>.<size>`.
  package static func isName(_ text: String) -> Bool {
    text.hasPrefix("ml.") && text.split(separator: ".").count == 3
  }

  /// The first of the known machines that has so much; nil where none has.
  ///
  /// A tenth of the memory is left to the container's system.
  ///
  /// - Parameter memory: bytes.
  public static func smallest(cpus: Int, memory: Int64, gpus: Int = 0) -> InstanceSize? {
    known.first {
      $0.cpus >= cpus && Double($0.memory) * 0.9 * 1_073_741_824 >= Double(memory)
        && $0.gpus >= gpus && ($0.gpus == 0 || gpus > 0)
    }
  }
}
