// Where a key comes from: a file that only its owner can read, or a program that signs by itself.
import CommandLine
import Content
import FileTools
import Project
import Provenance
import Subprocess

/// Signs messages.
package struct KeySource {
  package static let key = Option(
    "key", value: "FILE", completion: .files,
    "private key of Ed25519 in PEM (PKCS#8), as openssl genpkey -algorithm ed25519 makes it")
  package static let command = Option(
    "key-command", value: "COMMAND",
    "program that gets the bytes to sign on standard input and prints their signature: 64 bytes, or the same "
      + "in base64")

  /// Seconds after which a program is killed: it may ask its user for something.
  private static let patience = 300.0

  private enum Kind {
    case key(SigningKey)
    case command(String)
  }

  private let kind: Kind
  private let environment: [String: String]

  /// The source that a call names; throws where that is not a key, or one that others can read.
  package init(_ call: Call, _ context: VerbContext) throws {
    environment = context.environment
    switch (call[Self.key], call[Self.command]) {
    case (let path?, nil): kind = .key(try Self.key(path))
    case (nil, let command?) where !command.isEmpty: kind = .command(command)
    case (nil, _): throw UsageError("name the key: --key FILE, or --key-command COMMAND")
    case (_?, _?): throw UsageError("--key and --key-command are two ways to sign; leave one out")
    }
  }

  private static func key(_ path: String) throws -> SigningKey {
    guard let status = try FileStatus(FileSystem.absolute(path), followingLinks: true),
      status.kind == .file
    else { throw UsageError("--key: there is no file \(path)") }
    guard status.mode & 0o077 == 0 else {
      throw UsageError(
        "--key: others may read \(path) (mode \(String(status.mode & 0o777, radix: 8))); make it yours "
          + "alone: chmod 600 \(path), and replace the key if somebody may have seen it")
    }
    guard status.identity.size <= KeyText.largest else {
      throw UsageError("--key: \(path) has \(status.identity.size) bytes; that is no PEM file")
    }
    return try KeyText.signingKey(FileSystem.read(path), name: path)
  }

  /// A signature of a message.
  package func sign(_ message: [UInt8]) throws -> Envelope.Signature {
    switch kind {
    case .key(let key):
      return Envelope.Signature(keyID: try key.verifyingKey.id, bytes: try key.sign(message))
    case .command(let command):
      return Envelope.Signature(keyID: "", bytes: try run(command, message))
    }
  }

  private func run(_ command: String, _ message: [UInt8]) throws -> [UInt8] {
    var printed: [UInt8] = []
    let exit = try Command(
      executable: "/bin/sh", arguments: ["-c", command], environment: environment
    ).run(
      input: .bytes(message), output: .chunks { if printed.count < 4096 { printed += $0 } },
      error: .descriptor(2), timeout: Self.patience)
    guard exit.succeeded else {
      throw UsageError("--key-command ended with \(exit.status); its messages are above")
    }
    if printed.count == 64 { return printed }
    let text = String(decoding: printed, as: UTF8.self).filter { !$0.isWhitespace }
    guard let bytes = SignatureText.decode(text), bytes.count == 64 else {
      throw UsageError(
        "--key-command printed \(printed.count) bytes; expected a signature of Ed25519: 64 bytes, or the "
          + "same in base64")
    }
    return bytes
  }

  /// Public keys of files.
  package static func trusted(_ paths: [String], option: String, root: String) throws
    -> [VerifyingKey]
  {
    try paths.map { path in
      let full = path.hasPrefix("/") ? path : "\(root)/\(path)"
      guard let size = FileSystem.size(full), FileSystem.isFile(full) else {
        throw UsageError("\(option): there is no file \(path)")
      }
      guard size <= KeyText.largest else {
        throw UsageError("\(option): \(path) has \(size) bytes; that is no PEM file")
      }
      return try KeyText.verifyingKey(FileSystem.read(full), name: path)
    }
  }
}
