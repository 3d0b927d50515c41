// What the tests of the AWS client ask of a process of its own; no part of the product. The
// environment names endpoint and credentials, as for any AWS program.
import AWS
import CSystem
import Foundation
import S3

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  guard arguments.count == 2 else { throw ProbeError.usage }
  let client = try S3Client(
    bucket: "tests",
    settings: try AWSSettings(environment: ProcessInfo.processInfo.environment))
  switch arguments[0] {
  case "memory": try measureMemory(client, folder: arguments[1])
  case "library": try watchLibrary(client, key: arguments[1])
  default: throw ProbeError.usage
  }
} catch {
  say("error: \(error)\n")
  exit(1)
}
