// Why the plugin stops a build. It does not print.

enum PluginError: Error, CustomStringConvertible {
  case outside(target: String, path: String)
  case noCompiler(tried: [String])

  var description: String {
    switch self {
    case .outside(let target, let path):
      "\(target) depends on \(path), which lies outside of the package: its code would be missing "
        + "in the fingerprint; move it into the package"
    case .noCompiler(let tried):
      "no swiftc found for the code fingerprint (tried \(tried.joined(separator: ", "))); "
        + "put it into PATH"
    }
  }
}
