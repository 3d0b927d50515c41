// Libraries that are loaded before those of the system (LD_PRELOAD), to stand between a program and it.
import AtelierTesting

extension FixtureSpace {
  /// Compiles C to a library in the space's folder; the path of it.
  package func preloadable(_ source: String, named name: String) throws -> String {
    let file = try folder.write(source, to: "\(name).c")
    let library = folder("\(name).so")
    let compiled = try RunningProgram(
      "/usr/bin/env", ["cc", "-shared", "-fPIC", "-o", library, file],
      environment: ["PATH": "/usr/bin:/bin"], captures: folder
    ).wait()
    guard compiled.code == 0 else { throw ProgramError("cc: \(compiled.err)") }
    return library
  }
}
