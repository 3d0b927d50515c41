// The folder and the cluster that a session shares with other machines.
import Atelier
import FolderStores

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

  /// The cluster that the configuration names.
  ///
  /// - Throws: a `ConfigurationError` that names the key.
  package func cluster() throws -> ClusterConfiguration {
    try ClusterConfiguration(configuration, environment: environmentVariables)
  }
}
