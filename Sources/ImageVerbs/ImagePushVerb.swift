// `atelier image push`: sends an image that was built to a registry.
import AWS
import CommandLine
import Content
import HTTP
import ImageRegistry
import OCI
import Project
import Tagging
import Terminal

struct ImagePushVerb: Verb {
  let name = "push"
  let summary = "send the image to a registry; blobs that it has are not sent again"
  let details = """
    IMAGE is REGISTRY/REPOSITORY:TAG, by default [Jobs] image. The tag is set last: a push that was
    interrupted changes nothing for those who pull, and another one sends what is missing.

    For a registry of ECR the AWS credentials of the call are used. For others: the variables
    ATELIER_REGISTRY_USER and ATELIER_REGISTRY_PASSWORD, else the file of docker or podman
    (REGISTRY_AUTH_FILE, DOCKER_CONFIG, ~/.docker/config.json), which is read only. An authority of
    your own is named by AWS_CA_BUNDLE or SSL_CERT_FILE.

    Prints the image by its digest.
    """
  let examples = [
    Example("atelier image push", "to [Jobs] image"),
    Example(
      "atelier image push registry.example.com/team/atelier:1 --layout /tmp/image",
      "another image of another folder"),
  ]
  let image = Argument("IMAGE", count: 0...1)
  let layout = Option(
    "layout", value: "DIR", completion: .files,
    "the folder of the image (default: .build/image of the project)")
  let create = Flag("create", "create the repository of ECR where there is none")
  let http = Flag("http", "over plain HTTP, to a registry on this machine")
  let json = Shared.json

  var parameters: [any Parameter] { [image, layout, create, http, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    let text = try call[image].first ?? JobTable(reading: session.configuration).image
    guard !text.isEmpty else {
      throw UsageError(
        "missing argument: an image such as registry.example.com/team/atelier:1, or [Jobs] image in "
          + "config.ini")
    }
    let reference = try ImageReference(text)
    let folder =
      call[layout].map(FileSystem.absolute) ?? "\(session.projectRoot)/\(ImageVerbs.folder)"
    return try Signals.guarding { signals in
      let isCancelled: @Sendable () -> Bool = { signals.token.isCancelled }
      do {
        let credentials = try credentials(reference, call, session, isCancelled)
        var push = ImagePush(
          reference, credentials: credentials,
          transport: CurlTransport(try session.awsSettings().http()))
        push.isPlain = call[http]
        push.isCancelled = isCancelled
        try Session.refuseDebugBuild(try push.base(), "pushes images")
        let outcome = try push.run(ImageLayout(folder: folder)) { blob in
          context.output.message(
            "\(blob.digest.hex.prefix(12)): sending \(Text.size(blob.size))")
        }
        try show(outcome, reference, call, context.output)
        return ExitCode.success
      } catch let failure as TransportFailure where failure.kind == .cancelled {
        context.output.error("atelier: interrupted; push again, which sends only what is missing")
        return signals.code
      }
    }
  }

  private func credentials(
    _ reference: ImageReference, _ call: Call, _ session: Session,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> RegistryCredentials? {
    guard let registry = ECRRegistry(host: reference.host) else {
      guard !call[create] else {
        throw UsageError(
          "--create is for a registry of ECR; \(reference.host) creates repositories itself, or its "
            + "operator does")
      }
      return try RegistryCredentials.find(
        host: reference.host, session.environmentVariables)
    }
    let aws = try session.awsSettings(region: registry.region)
    var service = try aws.client(
      "ecr", host: "api.ecr",
      credentials: try session.context.credentials.provider(aws, HTTPSettings()),
      transport: CurlTransport(try aws.http()))
    service.isCancelled = isCancelled
    let login = ECRLogin(service)
    if call[create] {
      let isNew = try login.create(
        reference.repository, account: registry.account,
        tags: session.resourceTags().sorted)
      if isNew { session.output.message("created the repository \(reference.repository)") }
    }
    return try login.credentials()
  }

  private func show(
    _ outcome: ImagePush.Outcome, _ reference: ImageReference, _ call: Call, _ output: Console
  ) throws {
    let name = "\(reference.host)/\(reference.repository)@\(outcome.digest)"
    output.message(
      outcome.isUnchanged
        ? "\(reference) is this image already; nothing sent"
        : "\(reference): \(Text.count(outcome.sent, "blob")) sent (\(Text.size(outcome.sentBytes))), "
          + "\(outcome.present) present")
    guard call[json] else { return try output.data("\(name)\n") }
    try output.data(
      JSONValue.object([
        "v": 1, "event": "image-push", "image": .string(name), "tag": .string(reference.tag),
        "sent": .integer(Int64(outcome.sent)), "sentBytes": .integer(outcome.sentBytes),
        "present": .integer(Int64(outcome.present)), "unchanged": .bool(outcome.isUnchanged),
      ]).canonicalText() + "\n")
  }
}
