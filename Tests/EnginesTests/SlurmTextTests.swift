// What Slurm's programs print, as it was seen of Slurm 22.05.
import Testing

@testable import Clusters

@Suite struct SlurmTextTests {
  @Test(arguments: [
    ("12|3|RUNNING|None|n2|atelier-x-y", ClusterTask.State.running(node: "n2")),
    ("12|3|PENDING|Priority||a", .waiting(reason: "Priority", never: false)),
    ("12|3|PENDING|PartitionTimeLimit||a", .waiting(reason: "PartitionTimeLimit", never: true)),
    ("12|3|OUT_OF_MEMORY|OutOfMemory|n1|a", .ended(.outOfMemory, node: "n1")),
    ("12|3|FAILED|NonZeroExitCode|n1|a", .ended(.exited, node: "n1")),
    ("12|3|NODE_FAIL|NodeDown|n1|a", .ended(.nodeLost, node: "n1")),
    ("12|3|CANCELLED|None|n1|a", .ended(.cancelled, node: "n1")),
  ])
  func aLineOfSqueue(_ line: String, _ state: ClusterTask.State) throws {
    let task = try #require(SlurmText.task(line[...]))
    #expect(task.state == state)
    #expect(task.id == ClusterTask.ID(job: "12", index: 3))
  }

  @Test(arguments: ["", "12|3|RUNNING", "slurm_load_jobs error: Unable to contact"])
  func otherLinesAreNone(_ line: String) { #expect(SlurmText.task(line[...]) == nil) }

  @Test(
    arguments: [
      (
        "sbatch: error: Batch job submission failed: Invalid partition name specified",
        ClusterFailure.Kind.impossible, "[Slurm] partition"
      ),
      (
        "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
        .unknown,
        nil
      ),
      (
        "sbatch: error: Memory specification can not be satisfied", .impossible,
        "the memory or cores that the step asks for"
      ),
      (
        "sbatch: error: Batch job submission failed: Requested node configuration is not available",
        .impossible, "the memory or cores that the step asks for"
      ),
      ("sbatch: error: QOSMaxSubmitJobPerUserLimit", .busy, nil),
      (
        "sbatch: error: Batch job submission failed: Unable to contact slurm controller", .unknown,
        nil
      ),
      (
        "sbatch: error: Batch job submission failed: Invalid account or account/partition combination",
        .impossible, "[Slurm] partition"
      ),
    ] as [(String, ClusterFailure.Kind, String?)])
  func whatSbatchSays(_ text: String, _ kind: ClusterFailure.Kind, _ setting: String?) {
    #expect(SlurmText.kind(text) == kind)
    if kind == .impossible { #expect(SlurmText.setting(text) == setting) }
  }

  @Test func theLongestArray() {
    #expect(SlurmText.longestArray("MaxArraySize            = 1001\nMaxDBDMsgs = 1\n") == 1001)
  }
}
