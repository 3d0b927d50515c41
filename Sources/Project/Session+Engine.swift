// The folder and the cluster that a session shares with other machines.
import Atelier
import Clusters
import FolderStores
import RemoteCache

extension Session {
  /// The folder that machines share; nil where results are not kept in one.
  package func sharedFolder() throws -> FolderStore? {
    let root = fromHome(try storeSettings().shared)
    guard !root.isEmpty else { return nil }
    guard root.hasPrefix("/") else {
      throw SettingError(
        "Atelier", "shared",
        "'\(root)' is no absolute path; expected a folder that all machines see "
          + "under the same name, such as /scratch/lab/atelier")
    }
    if try usesBucket() {
      throw SettingError(
        "Atelier", "shared",
        "results go into a bucket already, by [Atelier] store = s3; use one of the two")
    }
    guard try root != storeRoot() else {
      throw SettingError(
        "Atelier", "shared",
        "\(root) is [Atelier] root, too: the store of this machine and the one that machines share are "
          + "two folders")
    }
    return FolderStore(root: root)
  }

  /// The driver of an engine; nothing is asked yet.
  ///
  /// - Throws: a `SettingError` that names the key where something is missing.
  package func driver(_ engine: StoreSettings.Engine) throws -> any ClusterDriver {
    try engine == .sagemaker ? SageMakerConfiguration(session: self).driver() : cluster().slurm
  }

  /// The store through which a head talks with the jobs of an engine.
  ///
  /// - Throws: a `SettingError` that names the key where there is none.
  package func jobStore(_ engine: StoreSettings.Engine, _ shared: SharedStore?) throws
    -> any JobStore
  {
    if engine == .sagemaker {
      guard let store = shared?.remote as? any JobStore, try usesBucket() else {
        throw SettingError(
          "Atelier", "store",
          "the jobs of SageMaker take orders from and leave results in the bucket: atelier config set"
            + "\(option) Atelier.store=s3")
      }
      return store
    }
    guard let folder = try sharedFolder() else {
      throw SettingError(
        "Atelier", "shared",
        "empty; the jobs of slurm take orders from and leave results in a folder that all nodes see: "
          + "atelier config set\(option) Atelier.shared=/scratch/...")
    }
    return folder
  }

  /// The cluster that the configuration names.
  ///
  /// - Throws: a `ConfigurationError` that names the key.
  package func cluster() throws -> ClusterConfiguration {
    try ClusterConfiguration(configuration, environment: environmentVariables)
  }
}
