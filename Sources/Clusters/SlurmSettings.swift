// How jobs are asked of a Slurm cluster. It starts no program.

/// The `[Slurm]` section of a configuration.
package struct SlurmSettings: Sendable {
  package var partition = ""
  package var account = ""
  package var qos = ""
  package var constraint = ""
  /// More words for sbatch, after ours.
  package var arguments: [String] = []
  /// Lines of shell before the program, such as `module load`.
  package var setup = ""
  /// The folder of a node's own files, expanded by the job's shell; empty: TMPDIR, else /tmp.
  package var scratch = ""

  package init() {}
}
