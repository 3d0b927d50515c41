// Takes gzip apart by the system's gzip, which compares length and CRC of every member.
import AtelierStep
import Subprocess

extension Program {
  /// The gzip program of the system.
  static let gzip = Program("gzip")
}

/// A file compressed by gzip.
enum Gunzip {
  /// Writes what a file holds to a path; throws unless all of it is whole.
  ///
  /// Zeros after the last member, as tapes leave them, are passed over.
  static func run(_ path: String, to plain: String, name: String, in context: StepContext) throws {
    var errors: [String] = []
    let command = Command(
      executable: try context.path(.gzip), arguments: ["-dc", path],
      environment: ["LC_ALL": "C.UTF-8"], directory: context.directory, supervised: false,
      newGroup: false)
    let exit = try command.run(output: .file(plain), error: .lines { errors.append($0) })
    guard exit.succeeded else { throw StepFailure("\(name): \(sentence(errors))") }
  }

  private static func sentence(_ errors: [String]) -> String {
    let text = errors.joined(separator: " ")
    let sentences = [
      ("unexpected end of file", "the gzip file ends early; get it again"),
      ("crc error", "the gzip file is damaged: its data do not have their CRC; get it again"),
      ("length error", "the gzip file is damaged: its data do not have their length; get it again"),
      ("trailing garbage", "bytes that are no gzip follow the compressed data; get the file again"),
      (
        "not in gzip format",
        "the file is not compressed by gzip; give it an ending that says what it is"
      ),
    ]
    return sentences.first { text.contains($0.0) }?.1
      ?? "the gzip file is damaged (\(text.isEmpty ? "no reason given" : text)); get it again"
  }
}
