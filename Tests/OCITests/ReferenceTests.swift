// Names of images, what registries ask for, and where credentials are found.
import AtelierTesting
import Content
import Foundation
import Signing
import Testing

@testable import ImageRegistry

@Suite struct ReferenceTests {
  @Test(arguments: [
    ("h.example/a:1", "h.example", "a", "1"), ("localhost/a/b", "localhost", "a/b", "latest"),
    ("127.0.0.1:5000/a-b/c_d.e:V_1.x-2", "127.0.0.1:5000", "a-b/c_d.e", "V_1.x-2"),
    ("docker.io/library/x:1", "docker.io", "library/x", "1"),
  ])
  func partsOfANameAreFound(text: String, host: String, repository: String, tag: String) throws {
    let reference = try ImageReference(text)
    #expect(reference.host == host && reference.repository == repository && reference.tag == tag)
  }

  @Test(arguments: [
    ("atelier:1", "no registry"), ("team/atelier:1", "docker.io/team/atelier:1"),
    ("h.example/A:1", "'A'"), ("h.example/a:", "''"), ("h.example/a:-1", "'-1'"),
    ("h.example/a//b:1", "'a//b'"), ("h.example/a@sha256:00", "digest"),
    ("/a:1", "no registry"), ("h.example/-a:1", "'-a'"), ("h example.com/a:1", "not a host"),
  ])
  func aWrongNameSaysWhatWasExpected(text: String, part: String) {
    let error = #expect(throws: RegistryError.self) { _ = try ImageReference(text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(text) == true && error?.isUsage == true)
  }

  @Test func challengesAreRead() {
    #expect(RegistryChallenge("Basic realm=\"r\"") == .basic)
    #expect(
      RegistryChallenge(
        "Bearer realm=\"https://a/t\",service=\"s, with\\\" sign\",scope=\"repository:x:pull,push\""
      )
        == .bearer(
          realm: "https://a/t", service: "s, with\" sign", scope: "repository:x:pull,push"))
    #expect(
      RegistryChallenge("bearer realm=https://a/t, service=s")
        == .bearer(realm: "https://a/t", service: "s", scope: nil))
    for text in ["", "Negotiate", "Bearer service=\"s\"", "Bearer realm=\"open"] {
      let challenge = RegistryChallenge(text)
      #expect(challenge == nil || text.hasSuffix("open"), "\(text)")
    }
  }

  @Test func registriesOfECRAreKnownByTheirHost() {
    let known = ECRRegistry(host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com")
    #expect(known?.account == "123456789012" && known?.region == "eu-west-1")
    #expect(
      ECRRegistry(host: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn")?.region
        == "cn-north-1")
    for host in [
      "12345678901.dkr.ecr.eu-west-1.amazonaws.com", "public.ecr.aws",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com",
      "x.123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    ] {
      #expect(ECRRegistry(host: host) == nil, "\(host)")
    }
  }

  private func find(_ variables: [String: String]) throws -> RegistryCredentials? {
    try RegistryCredentials.find(host: "h.example:5000", variables)
  }

  @Test func variablesWinOverTheFileOfDocker() throws {
    let folder = try TemporaryFolder()
    let auth = Data("me:pa:ss".utf8).base64EncodedString()
    try folder.write(
      #"{"auths": {"other": {}, "h.example:5000": {"auth": "\#(auth)"}}}"#, to: "config.json")
    let filed = ["DOCKER_CONFIG": folder.path]
    let found = try #require(try find(filed))
    #expect(found.user == "me" && found.password.reveal() == "pa:ss")
    #expect(found.source == folder("config.json") && !"\(found)".contains("pa:ss"))
    let given = filed.merging(["ATELIER_REGISTRY_USER": "u", "ATELIER_REGISTRY_PASSWORD": "p"]) {
      $1
    }
    #expect(try find(given)?.user == "u")
    #expect(try find(["HOME": folder.path]) == nil)
    #expect(try RegistryCredentials.find(host: "another", filed) == nil)
    #expect(try find(["REGISTRY_AUTH_FILE": folder("config.json")])?.user == "me")
  }

  @Test(arguments: [
    ("{", "not JSON"), (#"{"auths": {"h.example:5000": {"auth": "!"}}}"#, "base64"),
    (#"{"auths": {"h.example:5000": {}}, "credsStore": "pass"}"#, "'pass'"),
    (#"{"credHelpers": {"h.example:5000": "ecr-login"}}"#, "'ecr-login'"),
  ])
  func anUnusableFileIsNamed(text: String, part: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "config.json")
    let error = #expect(throws: RegistryError.self) { try find(["DOCKER_CONFIG": folder.path]) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(folder("config.json")) == true)
  }

  @Test func halfOfThePairIsAMistake() {
    for name in ["USER", "PASSWORD"] {
      let error = #expect(throws: RegistryError.self) {
        try find(["ATELIER_REGISTRY_\(name)": "half"])
      }
      #expect(error?.description.contains("set both or none") == true)
      #expect(error?.description.contains("half") == false)
    }
  }
}
