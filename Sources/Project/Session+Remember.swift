// Values that verbs find out and config.ini keeps; comments and order stay.
import Configuration

extension Session {
  /// Writes values into config.ini, and says so; nothing where they are there already.
  package func remember(_ values: [(section: String, key: String, value: String)]) throws {
    guard let old = configuration.document else { return }
    // Somebody may have edited the file since this call began, minutes ago.
    let before = try IniDocument(bytes: FileSystem.read(configPath), file: old.file)
    var document = before
    for (section, key, value) in values { try document.set(section, key, value) }
    guard document != before else { return }
    try FileSystem.replace(configPath, with: Array(document.text.utf8))
    let names = values.map { "[\($0.section)] \($0.key)" }.joined(separator: " and ")
    output.message("\(document.file): \(names) written")
  }
}
