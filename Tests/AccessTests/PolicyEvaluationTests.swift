// IAM's rules, one by one.
import Content
import PolicyEvaluation
import Testing

@Suite struct PolicyEvaluationTests {
  private static func holds(
    _ word: String, _ key: String, _ values: JSONValue, _ context: [String: [String]]
  ) throws -> Bool {
    let document = try PolicyDocument(
      [
        "Version": "2012-10-17",
        "Statement": [
          [
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": .object([word: .object([key: values])]),
          ]
        ],
      ], name: "one")
    return PolicyEvaluation(identity: [document]).decide(
      RequestContext(
        principal: "arn:aws:iam::1:role/x", account: "1", action: "s3:GetObject", resource: "*",
        keys: context)
    ).isAllowed
  }

  /// The answers of the user guide of IAM, "Multivalued context keys" and "Condition operators".
  @Test(
    arguments: [
      ("StringEquals", "a", ["a": ["x"]], true), ("StringEquals", "A", ["a": ["x"]], true),
      ("StringEquals", "a", ["a": ["X"]], false), ("StringEquals", "a", [:], false),
      ("StringNotEquals", "a", [:], true), ("StringNotEquals", "a", ["a": ["x"]], false),
      ("StringEqualsIfExists", "a", [:], true),
      ("StringEqualsIfExists", "a", ["a": ["z"]], false),
      ("StringEqualsIgnoreCase", "a", ["a": ["X"]], true),
      ("ForAllValues:StringEquals", "a", [:], true),
      ("ForAllValues:StringEquals", "a", ["a": ["x", "y"]], true),
      ("ForAllValues:StringEquals", "a", ["a": ["x", "z"]], false),
      ("ForAnyValue:StringEquals", "a", [:], false),
      ("ForAnyValue:StringEquals", "a", ["a": ["z", "y"]], true),
      ("ForAllValues:StringNotEquals", "a", ["a": ["z"]], true),
      ("ForAllValues:StringNotEquals", "a", ["a": ["z", "x"]], false),
      ("ForAnyValue:StringNotEquals", "a", ["a": ["x", "z"]], true),
      ("ForAnyValue:StringNotEquals", "a", ["a": ["x", "y"]], false),
      ("ForAnyValue:StringEqualsIfExists", "a", [:], true),
      ("ForAnyValue:StringEqualsIfExists", "a", ["a": []], true),
      ("ForAnyValue:StringEqualsIfExists", "a", ["a": [""]], false),
      ("ForAnyValue:StringEqualsIfExists", "a", ["a": ["z"]], false),
      ("ForAnyValue:StringNotEqualsIfExists", "a", [:], true),
      ("ForAllValues:StringEqualsIfExists", "a", [:], true),
      ("ForAllValues:StringEqualsIfExists", "a", ["a": ["z"]], false),
      ("ForAllValues:StringEquals", "a", ["a": [""]], true),
      ("ForAnyValue:StringNotEquals", "a", ["a": [""]], false),
      ("StringEquals", "a", ["a": [""]], false),
    ] as [(String, String, [String: [String]], Bool)])
  func operators(word: String, key: String, context: [String: [String]], wanted: Bool) throws {
    #expect(try Self.holds(word, key, ["x", "y"], context) == wanted)
  }

  @Test(
    arguments: [
      ("a*", "abc", true), ("a*", "ba", false), ("*c", "abcc", true), ("a?c", "abc", true),
      ("a?c", "ac", false), ("*", "", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "acb", false),
      ("${*}x", "*x", true), ("${*}x", "ax", false), ("${$}{a}", "${a}", true),
      ("${t}*", "v-1", true), ("${t}*", "w", false), ("${none, 'd'}", "d", true),
      ("${none}", "none", false), ("${t}", "V", false),
    ] as [(String, String, Bool)])
  func patterns(pattern: String, value: String, wanted: Bool) throws {
    #expect(
      try Self.holds("StringLike", "k", .string(pattern), ["k": [value], "t": ["v"]]) == wanted)
  }

  /// A variable without a value is like nothing: a negated operator holds, any other does not.
  @Test(
    arguments: [
      ("StringEquals", "${none}", false), ("StringLike", "${none}*", false),
      ("StringNotEquals", "${none}", true), ("StringNotLike", "${none}*", true),
      ("StringNotEquals", "v", false),
    ] as [(String, String, Bool)])
  func aVariableWithoutAValue(word: String, pattern: String, wanted: Bool) throws {
    #expect(try Self.holds(word, "k", .string(pattern), ["k": ["v"]]) == wanted)
  }

  /// Whether a request is allowed that all but one Deny allow.
  private static func survives(_ deny: [String: JSONValue], _ action: String = "s3:GetObject")
    throws
    -> Bool
  {
    let document = try PolicyDocument(
      [
        "Version": "2012-10-17",
        "Statement": [
          ["Effect": "Allow", "Action": "*", "Resource": "*"],
          .object(deny.merging(["Effect": "Deny", "Action": "*"]) { $1 }),
        ],
      ], name: "one")
    return PolicyEvaluation(identity: [document]).decide(
      RequestContext(
        principal: "arn:aws:iam::1:role/x", account: "1", action: action,
        resource: "arn:aws:s3:::b/own/x", keys: ["k": ["v"]])
    ).isAllowed
  }

  @Test func aDenyWhoseVariableHasNoValueIsAsStrictAsIAM() throws {
    let all: [String: JSONValue] = ["Resource": "*"]
    #expect(try survives(all, "StringNotEquals", "${none}") == false)
    #expect(try survives(all, "StringEquals", "${none}"))
    #expect(try Self.survives(["NotResource": "arn:aws:s3:::b/${none}/*"]) == false)
    #expect(
      try Self.survives(["NotResource": ["arn:aws:s3:::b/${none}/*", "arn:aws:s3:::b/own/*"]]))
    #expect(try Self.survives(["Resource": "arn:aws:s3:::b/${none}/*"]))
    #expect(try Self.survives(["Resource": ["arn:aws:s3:::b/${none}/*", "*"]]) == false)
  }

  private func survives(
    _ deny: [String: JSONValue], _ word: String, _ value: JSONValue
  ) throws -> Bool {
    try Self.survives(deny.merging(["Condition": .object([word: ["k": value]])]) { $1 })
  }

  @Test(
    arguments: [
      ("kms:ListKeys", true), ("kms:CreateKey", true), ("kms:GenerateRandom", true),
      ("kms:Decrypt", false), ("kms:DescribeKey", false), ("sts:AssumeRole", false),
    ])
  func aCallWithoutAKeyNeedsNoKeysPolicy(action: String, wanted: Bool) throws {
    #expect(try Self.survives(["Resource": "arn:aws:s3:::none"], action) == wanted)
  }

  @Test func aValueThatIsPutInIsNoWildcard() throws {
    #expect(try !Self.holds("StringLike", "k", "${t}", ["k": ["anything"], "t": ["*"]]))
    #expect(try Self.holds("StringLike", "k", "${t}", ["k": ["*"], "t": ["*"]]))
  }

  @Test func aStarOfAnARNDoesNotCrossColons() throws {
    let one = ["k": ["arn:aws:s3:eu:1:x:y"]]
    #expect(try Self.holds("ArnLike", "k", "arn:aws:*:eu:1:*", one))
    #expect(try !Self.holds("ArnLike", "k", "arn:*:x:y", one))
  }

  /// Long patterns against long texts take no time that grows beyond their product.
  @Test func manyStarsEnd() throws {
    let pattern = String(repeating: "*a", count: 200) + "b"
    let text = String(repeating: "a", count: 5000)
    #expect(try !Self.holds("StringLike", "k", .string(pattern), ["k": [text]]))
  }

  @Test(
    arguments: [
      #"{"Version":"2008-10-17","Statement":[]}"#, #"{"Version":"2012-10-17","Statement":[]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","NotPrincipal":"*"}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"1"}}}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Principal":{"Federated":"x"}}]}"#,
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:ssm:*:${aws:PrincipalAccount}:parameter/x"}]}"#,
    ])
  func whatIsNotEvaluatedIsRefused(text: String) throws {
    let document = try JSONValue(parsing: text)
    #expect(throws: PolicyFault.self) { try PolicyDocument(document, name: "one") }
  }
}
