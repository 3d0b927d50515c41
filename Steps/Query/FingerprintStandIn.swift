// Stands in for the generated fingerprint until the plugin makes it; it knows no digest.
import AtelierStep

extension CodeFingerprint {
  static let module = CodeFingerprint(family: "Query", digest: "", compiler: "")
}
