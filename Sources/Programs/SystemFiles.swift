// What a program reads besides itself, as paths of this machine.
import AtelierStep
import FileTools

extension Program {
  /// Its `systemFiles` that are there; relative ones start at the program's own folder.
  package func readableFiles(of executable: String?) -> [String] {
    systemFiles.compactMap { file in
      if file.hasPrefix("/") { return file }
      return executable.map { "\(Disk.parent(of: $0))/\(file)" }
    }.filter { (try? FileStatus($0, followingLinks: true)) != nil }
  }
}
