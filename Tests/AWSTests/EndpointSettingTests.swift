// Hosts of regions, kinds of endpoints, checksums as the user wants them, and the error form of EC2.
import AtelierTesting
import Content
import Foundation
import Signing
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct EndpointSettingTests {
  private func settings(_ more: [String: String]) throws -> AWSSettings {
    try AWSSettings(
      environment: [
        "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "s",
      ].merging(more) { $1 })
  }

  @Test(
    "Store 20: the hosts of a region's partition",
    arguments: [
      ("eu-west-3", "bucket.s3.eu-west-3.amazonaws.com"),
      ("cn-north-1", "bucket.s3.cn-north-1.amazonaws.com.cn"),
      ("eusc-de-east-1", "bucket.s3.eusc-de-east-1.amazonaws.eu"),
      ("us-iso-east-1", "bucket.s3.us-iso-east-1.c2s.ic.gov"),
      ("us-isob-east-1", "bucket.s3.us-isob-east-1.sc2s.sgov.gov"),
      ("us-gov-west-1", "bucket.s3.us-gov-west-1.amazonaws.com"),
    ])
  func hosts(_ region: String, _ host: String) throws {
    let client = try S3Client(
      bucket: "bucket", settings: try settings(["AWS_REGION": region]))
    #expect(client.location.base.host == host)
  }

  @Test(
    "Store 20: kinds of endpoints that are not known",
    arguments: ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
  func otherKinds(_ variable: String) throws {
    let asked = try settings(["AWS_REGION": "us-east-1", variable: "true"])
    #expect {
      _ = try S3Client(bucket: "bucket", settings: asked)
    } throws: { error in
      "\(error)".contains("\(variable) is not supported")
        && "\(error)".contains("AWS_ENDPOINT_URL_S3")
    }
    let given = try settings([
      "AWS_REGION": "us-east-1", variable: "true", "AWS_ENDPOINT_URL_S3": "https://fips.host",
    ])
    #expect(try S3Client(bucket: "b", settings: given).location.endpoint.host == "fips.host")
  }

  @Test("Store 9: checksums that are not required are left out where the user says so")
  func checksums() throws {
    for (value, isSent) in [("when_supported", true), ("WHEN_REQUIRED", false)] {
      let transport = ScriptedTransport([.answer(200)])
      let sends = try settings(["AWS_REQUEST_CHECKSUM_CALCULATION": value]).sendsOptionalChecksums()
      #expect(sends == isSent)
      let client = S3Client(
        location: S3Location(
          bucket: "b", endpoint: ServiceURL(scheme: "http", host: "localhost")),
        region: "r",
        credentials: CredentialProvider(
          FixedCredentials(testCredentials), now: { UnixTime(seconds: 0) }),
        transport: transport, dialect: S3Dialect(sendsChecksums: sends))
      try client.put([1], key: "k")
      let fields = transport.requests.flatMap(\.fields).map(\.name)
      #expect(fields.contains("x-amz-checksum-sha256") == isSent)
      // The signature holds the digest in any case.
      #expect(fields.contains { $0.lowercased() == "x-amz-content-sha256" })
    }
    #expect(throws: CredentialError.self) {
      _ = try settings(["AWS_REQUEST_CHECKSUM_CALCULATION": "never"]).sendsOptionalChecksums()
    }
  }

  // ---- EC2 ----

  private static func refusal(_ code: String) -> String {
    "<Response><Errors><Error><Code>\(code)</Code><Message>resource sg-1 has a dependent object"
      + "</Message></Error></Errors><RequestID>id</RequestID></Response>"
  }

  @Test("Store 8: EC2's error form is read") func refusalsOfEC2() throws {
    func delete(_ body: String) throws {
      let service = ServiceClient(
        signer: Signer(
          region: "r", service: "ec2", pathRule: .encodedAgain(normalized: true),
          sendsPayloadHash: false),
        base: ServiceURL(scheme: "http", host: "localhost"),
        credentials: CredentialProvider(
          FixedCredentials(testCredentials), now: { UnixTime(seconds: 0) }),
        transport: ScriptedTransport([.answer(400, body: body)]))
      try SecurityGroupClient(service).delete(group: "sg-1")
    }
    #expect {
      try delete(Self.refusal("DependencyViolation"))
    } throws: { error in
      guard let fault = error as? ServiceFault else { return false }
      return fault.code == "DependencyViolation" && fault.requestID == "id"
        && "\(fault)".contains("has a dependent object")
    }
    // What is gone is fine.
    try delete(Self.refusal("InvalidGroup.NotFound"))
  }
}
