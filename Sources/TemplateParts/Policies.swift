// Statements and documents of IAM's language, and the roles and buckets that templates share.
import Content

/// Documents of policies.
package enum Policy {
  package static func allow(
    _ actions: [String], on resources: [JSONValue], when condition: JSONValue? = nil,
    id: String? = nil
  ) -> JSONValue {
    statement("Allow", actions, resources, condition, id)
  }

  package static func deny(
    _ actions: [String], on resources: [JSONValue], when condition: JSONValue? = nil,
    id: String? = nil
  ) -> JSONValue {
    statement("Deny", actions, resources, condition, id)
  }

  private static func statement(
    _ effect: String, _ actions: [String], _ resources: [JSONValue], _ condition: JSONValue?,
    _ id: String?
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "Effect": .string(effect), "Action": .array(actions.map { .string($0) }),
      "Resource": resources.count == 1 ? resources[0] : .array(resources),
    ]
    if let condition { members["Condition"] = condition }
    if let id { members["Sid"] = .string(id) }
    return .object(members)
  }

  package static func document(_ statements: [JSONValue]) -> JSONValue {
    ["Version": "2012-10-17", "Statement": .array(statements)]
  }

  /// A statement that a principal may assume a role.
  package static func trust(
    _ principal: JSONValue, _ actions: [String] = ["sts:AssumeRole"]
  ) -> JSONValue {
    [
      "Effect": "Allow", "Principal": principal, "Action": .array(actions.map { .string($0) }),
    ]
  }

  /// The trust of services.
  package static func services(_ names: [String]) -> JSONValue {
    document([trust(["Service": .array(names.map { .string("\($0).amazonaws.com") })])])
  }

  /// The ARN of a policy of AWS.
  package static func managed(_ name: String) -> JSONValue {
    Fn.sub("arn:${AWS::Partition}:iam::aws:policy/\(name)")
  }

  /// The root of an account, which stands for all of it.
  package static func root(_ account: String) -> JSONValue {
    Fn.sub("arn:${AWS::Partition}:iam::\(account):root")
  }
}

extension TemplateDocument {
  /// Adds a role; `policies` are statements by name.
  package mutating func addRole(
    _ name: String, named: JSONValue? = nil, path: String? = nil, trust: JSONValue,
    managed: [JSONValue] = [], policies: [(name: String, statements: [JSONValue])] = [],
    tagged: [String: JSONValue] = [:]
  ) {
    var properties: [String: JSONValue] = ["AssumeRolePolicyDocument": trust]
    if let named { properties["RoleName"] = named }
    if let path { properties["Path"] = .string(path) }
    if !managed.isEmpty { properties["ManagedPolicyArns"] = .array(managed) }
    if !policies.isEmpty {
      properties["Policies"] = .array(
        policies.map {
          [
            "PolicyName": .string($0.name), "PolicyDocument": Policy.document($0.statements),
          ]
        })
    }
    add(name, "AWS::IAM::Role", properties, tagged: tagged)
  }

  /// Adds a private bucket with versions, and a policy: one that takes no plain HTTP, unless another is
  /// given.
  package mutating func addBucket(
    _ name: String, named: JSONValue, key: JSONValue? = nil, events: Bool = false,
    policy: JSONValue? = nil
  ) {
    let rule: JSONValue =
      key.map {
        [
          "ServerSideEncryptionByDefault": ["SSEAlgorithm": "aws:kms", "KMSMasterKeyID": $0],
          "BucketKeyEnabled": true,
        ]
      } ?? ["ServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"]]
    var properties: [String: JSONValue] = [
      "BucketName": named,
      "BucketEncryption": ["ServerSideEncryptionConfiguration": [rule]],
      "VersioningConfiguration": ["Status": "Enabled"],
      "PublicAccessBlockConfiguration": [
        "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
        "RestrictPublicBuckets": true,
      ],
    ]
    if events {
      properties["NotificationConfiguration"] = [
        "EventBridgeConfiguration": ["EventBridgeEnabled": true]
      ]
    }
    add(name, "AWS::S3::Bucket", properties)
    let secure: JSONValue = [
      "Sid": "OnlyEncrypted", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
      "Resource": [Fn.get(name, "Arn"), Fn.sub("${\(name).Arn}/*")],
      "Condition": ["Bool": ["aws:SecureTransport": "false"]],
    ]
    add(
      "\(name)Policy", "AWS::S3::BucketPolicy",
      ["Bucket": Fn.ref(name), "PolicyDocument": policy ?? Policy.document([secure])])
  }
}
