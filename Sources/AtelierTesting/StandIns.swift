// Where the servers that stand in for AWS are installed. It starts none.
import Foundation

/// The programs of `.setup/mock.sh`.
package enum StandIns {
  /// Their virtual environment: MOCK_VENV, else .tools/mock.
  package static let venv =
    ProcessInfo.processInfo.environment["MOCK_VENV"] ?? TestTools.root + "/.tools/mock"

  /// The Python that has them.
  package static let python = venv + "/bin/python"

  package static let isInstalled = FileManager.default.isExecutableFile(
    atPath: venv + "/bin/moto_server")

  /// Why tests against them are skipped.
  package static let absence = "no stand-ins in \(venv); type: .setup/mock.sh"
}
