// The artifact format of unpacked Python packages: a type, and no code.
import AtelierStep

/// Packages as Python imports them: a folder for `sys.path`, without byte code and programs.
public enum PythonEnvironment: ArtifactFormat {
  /// A folder of Python packages.
  public static let mediaType = "application/vnd.atelier.python-environment+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}

extension Program {
  /// A Python with its standard library, and no other module of the machine.
  public static let python = Program("python3", python: .standard)
  /// The installer of Python packages.
  public static let uv = Program("uv")
}
