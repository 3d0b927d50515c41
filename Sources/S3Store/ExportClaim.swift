// The right to a name at an endpoint that writes without conditions: settled by objects under names that
// nobody shares. What is written under the name it does not know.
import FileTools
import RemoteCache
import S3

/// A claim to the name of an export.
///
/// Whoever lists the claims after its own was written, and finds no other, has the name for as long as its
/// claim is there: anyone later finds that claim. Of several at one moment the one whose claim comes
/// first by name waits for the others to withdraw.
struct ExportClaim {
  private let client: any BucketClient
  /// All claims to the name begin so.
  private let folder: String
  private let key: String

  /// Milliseconds between two listings.
  private static let pause = 200
  /// Listings until a claim is given up: a minute and more.
  private static let patience = 300
  /// Seconds by the endpoint's clock after which a claim is one of a run that was killed.
  private static let lifetime: Int64 = 600

  /// A claim to the name of an export, by its key, that is yet to be made.
  init(_ client: any BucketClient, export: String) {
    self.client = client
    let name = export.split(separator: "/").last.map(String.init) ?? ""
    folder = "\(export.dropLast(name.count)).claims/\(name)/"
    key = folder + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Makes the claim; false where another has the name, or had it meanwhile.
  func make() throws -> Bool {
    _ = try translated { try client.write([], key: key, condition: .always) }
    do {
      return try isOurs()
    } catch {
      end()
      throw error
    }
  }

  /// Frees the name.
  func end() { try? client.lasting.delete(key, condition: .always) }

  private func isOurs() throws -> Bool {
    for _ in 0..<Self.patience {
      let claims = try self.claims()
      if claims == [key] { return true }
      // A listing that does not hold our own is one from before.
      if claims.contains(key), claims.contains(where: { $0 < key }) {
        end()
        return try waitForOthers()
      }
      Disk.pause(milliseconds: Self.pause)
    }
    throw busy
  }

  /// Waits until those who were first have done; false, for they may have used the name.
  private func waitForOthers() throws -> Bool {
    for _ in 0..<Self.patience {
      if try claims().isEmpty { return false }
      Disk.pause(milliseconds: Self.pause)
    }
    throw busy
  }

  private var busy: RemoteFailure {
    RemoteFailure(
      .taken,
      "another run has been writing to s3://\(client.location.bucket)/\(folder.dropLast()) for a minute; "
        + "run again later")
  }

  /// The claims of runs that may be alive.
  private func claims() throws -> [String] {
    let found = try translated { try client.list(folder, delimiter: nil, after: nil).objects }
    let newest = found.compactMap(\.lastModified?.seconds).max() ?? 0
    return found.filter {
      $0.key == key || newest - ($0.lastModified?.seconds ?? newest) < Self.lifetime
    }
    .map(\.key).sorted()
  }
}
