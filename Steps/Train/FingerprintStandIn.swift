// Stands in for what the build-tool plugin will make.
import AtelierStep

extension CodeFingerprint {
  static let module = CodeFingerprint(family: "Train", digest: "", compiler: "")
}
