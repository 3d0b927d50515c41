// The step that fetches a file whose digest is known. It knows nothing of what the file holds.
import AtelierStep
import Content
import HTTP
import LearningFormats
import PropensityFormats

/// Downloads a file and checks its SHA-256, so that the result depends on no server.
///
/// `Format` says what the file holds and so into which input it may be wired. The worker knows the
/// formats that have a type alias here.
public struct Download<Format: ArtifactFormat>: Step {
  /// A file of events.
  public typealias OfEvents = Download<EventFile>
  /// A file of any content.
  public typealias OfAnything = Download<AnyFile>
  /// A file with a table.
  public typealias OfTable = Download<TableFile>

  /// The name in keys and records, such as `DownloadTableFile`.
  public static var stepName: String { "Download\(Format.self)" }

  /// Where the file is, without a query; redirects are followed.
  public var url: String
  /// What follows the question mark: a signature, for example.
  ///
  /// The digest says which bytes are meant,
  /// so another signature finds the same result.
  @Unkeyed public var query: String?
  /// How often a request is repeated that may succeed later.
  @Unkeyed public var retries: Int
  /// The file's SHA-256: 64 hexadecimal digits, with or without `sha256:`.
  public var sha256: String
  /// The file.
  public var file = Output<Format>()

  /// True: the file comes from its server.
  public var usesNetwork: Bool { true }

  /// The download of one file; throws where `url` is no http or https address.
  public init(url: String, sha256: String, retries: Int = 3) throws {
    let address = try DownloadAddress(url)
    self.url = address.shown
    query = address.query
    self.retries = retries
    self.sha256 = sha256
  }

  /// The library libcurl, which downloads.
  public var programs: [Program] { [.libcurl] }

  /// Downloads the file; fails when its SHA-256 is another one, and names both.
  public func run(in context: StepContext) throws {
    let expected = try FileDigest.parse(sha256)
    let address = try DownloadAddress(query.map { "\(url)?\($0)" } ?? url)
    let path = try context.path(file)
    let found = try fetch(address, to: path, in: context)
    guard found.digest == expected else {
      throw StepFailure(
        "\(url) gave \(found.size) bytes with \(found.digest), expected \(expected); check the address, and the "
          + "parameter 'sha256' if the file is meant to have changed")
    }
    context.log("\(url): \(found.size) bytes")
  }

  private func fetch(
    _ address: DownloadAddress, to path: String, in context: StepContext
  ) throws -> SizedDigest {
    var settings = HTTPSettings()
    settings.library = try context.path(.libcurl)
    var policy = RetryPolicy()
    policy.attempts = 1 + max(0, retries)
    policy.base = 1
    do {
      return try FileDownload(transport: CurlTransport(settings), retries: policy)
        .fetch(address.address, to: path)
    } catch let failure as TransportFailure {
      throw StepFailure("can't download \(url): \(failure)")
    } catch let refusal as DownloadRefusal {
      throw StepFailure("can't download \(url): \(refusal)")
    }
  }
}
