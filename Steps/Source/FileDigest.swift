// Compares a file with the digest that the user expects. It reads no content.
import AtelierStep
import Content

/// The SHA-256 that a file should have, as a user writes it.
enum FileDigest {
  /// Throws a `StepFailure` unless the file has this digest; an empty text is not compared.
  ///
  /// `sha256` is 64 hexadecimal digits, with or without `sha256:`.
  static func check(_ path: String, is sha256: String, name: String) throws {
    guard !sha256.isEmpty else { return }
    let expected = try parse(sha256)
    let (found, size) = try Digest.of(file: path)
    guard found == expected else {
      throw StepFailure(
        "\(name) has \(size) bytes with \(found), expected \(expected); check that it is the right "
          + "one, and the parameter 'sha256' if it is meant to have changed")
    }
  }

  /// The digest of a text; throws a `StepFailure` for any other text.
  static func parse(_ text: String) throws -> Digest {
    guard let digest = Digest(text.lowercased()) else {
      throw StepFailure(
        "the parameter 'sha256' is '\(text)': give the 64 hexadecimal digits of the file's SHA-256")
    }
    return digest
  }
}
