// A plan as a template of CloudFormation: the state machine, its role and the role of its jobs.
import Atelier
import Content
import Jobs
import Plans
import States

/// A plan as a template that makes the state machine and both roles.
public struct CompiledTemplate: Sendable {
  /// The template.
  public let document: JSONValue
  /// The machine in it, whose image and job role the template fills in.
  public let machine: CompiledMachine

  /// Logical names in the template.
  public static let machineName = "StateMachine"
  static let machineRole = "MachineRole"
  static let jobRole = "JobRole"
  static let imageParameter = "Image"

  /// Compiles a plan by a grain; the template asks for an image where the settings have none, and
  /// makes the roles in any case.
  ///
  /// - Throws: a `CompileError`.
  public init(
    _ plan: Plan, grain: Grain, training: BuiltInTraining? = nil, _ settings: JobSettings
  ) throws {
    var inner = settings
    inner.image = settings.image ?? "${\(Self.imageParameter)}"
    inner.role = "${\(Self.jobRole)}"
    if training != nil, settings.trainingImage == nil {
      inner.trainingImage = "${\(JobSettings.trainingImageParameter)}"
    }
    machine = try CompiledMachine(plan, grain: grain, training: training, inner)
    let text = machine.machine.document
    let definition = try JSONValue(parsing: text)
    let access = RequiredAccess(
      definition: definition, jobRole: Self.jobRole,
      objects: [
        "arn:${AWS::Partition}:s3:::\(settings.bucket)/\(CompiledJob.decisions(plan, settings))/*"
      ], names: [Self.name(plan, settings)] + (Self.endpoint(of: training).map { [$0] } ?? []))
    var substitutions: [String: JSONValue] = [
      Self.jobRole: ["Fn::GetAtt": [.string(Self.jobRole), "Arn"]]
    ]
    var template: [String: JSONValue] = [
      "AWSTemplateFormatVersion": "2010-09-09",
      "Description": .string(
        "\(plan.workshop) as a state machine, compiled by Atelier from the plan \(plan.digest)"),
    ]
    // Images that the settings lack are parameters of the stack.
    var parameters: [String: JSONValue] = [:]
    for (name, about) in [
      (Self.imageParameter, "image of Atelier in a registry"),
      (JobSettings.trainingImageParameter, "image of the built-in algorithm"),
    ] where text.contains("${\(name)}") {
      substitutions[name] = ["Ref": .string(name)]
      parameters[name] = ["Type": "String", "MinLength": 1, "Description": .string(about)]
    }
    if !parameters.isEmpty { template["Parameters"] = .object(parameters) }
    template["Resources"] = [
      Self.machineName: [
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": [
          "StateMachineName": .string(Self.name(plan, settings)), "DefinitionString": .string(text),
          "DefinitionSubstitutions": .object(substitutions),
          "RoleArn": ["Fn::GetAtt": [.string(Self.machineRole), "Arn"]],
        ],
      ],
      Self.machineRole: Self.role(trusted: "states", access.needs.map(Self.statement)),
      Self.jobRole: Self.role(trusted: "sagemaker", Self.jobStatements(settings)),
    ]
    template["Outputs"] = [
      "StateMachineArn": ["Value": ["Ref": .string(Self.machineName)]],
      "JobRoleArn": ["Value": ["Fn::GetAtt": [.string(Self.jobRole), "Arn"]]],
    ]
    document = .object(template)
  }

  private static func endpoint(of training: BuiltInTraining?) -> String? {
    if case .endpoint(let name, _, _) = training?.use { name } else { nil }
  }

  /// The machine's name in the account.
  private static func name(_ plan: Plan, _ settings: JobSettings) -> String {
    JobName.beginning([settings.name ?? plan.workshop])
  }

  /// A role that a service may assume.
  private static func role(trusted service: String, _ statements: [JSONValue]) -> JSONValue {
    [
      "Type": "AWS::IAM::Role",
      "Properties": [
        "AssumeRolePolicyDocument": [
          "Version": "2012-10-17",
          "Statement": [
            [
              "Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": ["Service": .string("\(service).amazonaws.com")],
            ]
          ],
        ],
        "Policies": [
          [
            "PolicyName": "access",
            "PolicyDocument": ["Version": "2012-10-17", "Statement": .array(statements)],
          ]
        ],
      ],
    ]
  }

  private static func statement(_ need: AccessNeed) -> JSONValue {
    var statement: [String: JSONValue] = [
      "Effect": "Allow", "Action": .array(need.actions.map { .string($0) }),
      "Resource": .array(need.resources.map(resource)),
    ]
    if let service = need.passedTo {
      statement["Condition"] = ["StringEquals": ["iam:PassedToService": .string(service)]]
    }
    return .object(statement)
  }

  private static func resource(_ resource: AccessResource) -> JSONValue {
    switch resource {
    case .role(let name): ["Fn::GetAtt": [.string(name), "Arn"]]
    case .arn("*"): "*"
    case .arn(let arn): arn.contains("${") ? ["Fn::Sub": .string(arn)] : .string(arn)
    }
  }

  /// What the containers do: the store below bucket and prefix, their image, their log.
  private static func jobStatements(_ settings: JobSettings) -> [JSONValue] {
    let bucket = "arn:${AWS::Partition}:s3:::\(settings.bucket)"
    let objects = settings.prefix.isEmpty ? "\(bucket)/*" : "\(bucket)/\(settings.prefix)/*"
    func allow(_ actions: [JSONValue], _ resource: JSONValue) -> JSONValue {
      ["Effect": "Allow", "Action": .array(actions), "Resource": resource]
    }
    return [
      allow(
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        ["Fn::Sub": .string(objects)]),
      allow(["s3:ListBucket", "s3:GetBucketLocation"], ["Fn::Sub": .string(bucket)]),
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        ["Fn::Sub": "arn:${AWS::Partition}:ecr:*:*:repository/*"]),
      allow(
        [
          "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        [
          "Fn::Sub": .string(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:"
              + "log-group:/aws/sagemaker/*")
        ]),
      allow(["cloudwatch:PutMetricData"], "*"),
    ]
  }
}
