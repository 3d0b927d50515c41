// A plan as a template of CloudFormation: the state machine, its role and the role of its jobs.
import Atelier
import Compile
import Content
import Jobs
import Plans
import Registry
import ServiceNames
import States

/// A plan as a template that makes the state machine and both roles.
public struct CompiledTemplate: Sendable {
  /// The template.
  public let document: JSONValue
  /// The machine in it, whose image and job role the template fills in.
  public let machine: CompiledMachine
  /// What would be refused, by the checks of machine, requests and roles.
  public let problems: [String]

  /// Logical names in the template.
  public static let machineName = "StateMachine"
  static let machineRole = "MachineRole"
  static let jobRole = JobSettings.roleParameter
  static let glueRole = "GlueRole"

  /// Compiles a plan by a grain; the template asks for an image where the settings have none, and
  /// makes the roles in any case.
  ///
  /// - Throws: a `CompileError`.
  public init(
    _ plan: Plan, grain: Grain, training: BuiltInTraining? = nil, _ settings: JobSettings
  ) throws {
    var inner = settings
    inner.role = nil
    inner.parameterForm = .substitution
    machine = try CompiledMachine(plan, grain: grain, training: training, inner)
    let text = machine.machine.document
    let definition = try JSONValue(parsing: text)
    let access = RequiredAccess(
      definition: definition, jobRole: Self.jobRole,
      objects: [
        "arn:${AWS::Partition}:s3:::\(settings.bucket)/\(CompiledJob.decisions(plan, settings))/*"
      ], names: [Self.name(plan, settings)] + (Self.endpoint(of: training).map { [$0] } ?? []))
    var template: [String: JSONValue] = [
      "AWSTemplateFormatVersion": "2010-09-09",
      "Description": .string(
        "\(plan.workshop) as a state machine, compiled by Atelier from the plan \(plan.digest)"),
    ]
    // The role is the template's own, images that the settings lack are parameters of the stack.
    let images = Set(machine.input.members.keys).subtracting([JobSettings.roleParameter])
    let substitutions = Dictionary(
      uniqueKeysWithValues: images.map { ($0, ["Ref": .string($0)] as JSONValue) }
    ).merging([JobSettings.roleParameter: ["Fn::GetAtt": [.string(Self.jobRole), "Arn"]]]) { $1 }
    let parameters = Dictionary(
      uniqueKeysWithValues: images.map { ($0, Self.parameter($0)) })
    if !parameters.isEmpty { template["Parameters"] = .object(parameters) }
    var resources: [String: JSONValue] = [
      Self.machineName: [
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": [
          "StateMachineName": .string(try ServiceName.cut(settings.name ?? plan.workshop, to: 80)),
          "DefinitionString": .string(text),
          "DefinitionSubstitutions": .object(substitutions),
          "RoleArn": ["Fn::GetAtt": [.string(Self.machineRole), "Arn"]],
        ],
      ],
      Self.machineRole: Self.role(trusted: "states", access.needs.map(Self.statement)),
      Self.jobRole: Self.role(trusted: "sagemaker", Self.jobStatements(settings)),
    ]
    if let glue = training?.glue {
      resources["GlueJob"] = Self.job(glue)
      resources[Self.glueRole] = Self.role(trusted: "glue", Self.glueStatements(settings))
    }
    template["Resources"] = .object(resources.mapValues { Self.tagged($0, settings.tags) })
    template["Outputs"] = [
      "StateMachineArn": ["Value": ["Ref": .string(Self.machineName)]],
      "JobRoleArn": ["Value": ["Fn::GetAtt": [.string(Self.jobRole), "Arn"]]],
    ]
    document = .object(template)
    problems =
      machine.jobs.flatMap(\.problems) + machine.requests.flatMap(\.problems)
      + machine.machine.problems().map(\.description) + TemplateProblems.problems(in: document)
  }

  /// A resource with tags, if there are any: Glue has them as an object, the others as a list.
  private static func tagged(_ resource: JSONValue, _ tags: [String: String]) -> JSONValue {
    guard !tags.isEmpty, case .object(var members) = resource,
      case .object(var properties)? = members["Properties"]
    else { return resource }
    properties["Tags"] =
      members["Type"] == "AWS::Glue::Job"
      ? .object(tags.mapValues { .string($0) })
      : .array(
        tags.sorted { $0.key < $1.key }.map {
          ["Key": .string($0.key), "Value": .string($0.value)]
        })
    members["Properties"] = .object(properties)
    return .object(members)
  }

  private static func endpoint(of training: BuiltInTraining?) -> String? {
    if case .endpoint(let name, _, _) = training?.use { name } else { nil }
  }

  /// The machine's name in the account.
  private static func name(_ plan: Plan, _ settings: JobSettings) -> String {
    JobName.beginning([settings.name ?? plan.workshop])
  }

  private static func parameter(_ name: String) -> JSONValue {
    [
      "Type": "String", "MinLength": 1,
      "Description": name == JobSettings.imageParameter
        ? "image of Atelier in a registry" : "image of the built-in algorithm",
    ]
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
    let below = settings.prefix.isEmpty ? "*" : "\(settings.prefix)/*"
    return [
      allow(
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        ["Fn::Sub": .string(objects)]),
      [
        "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["Fn::Sub": .string(bucket)],
        "Condition": ["StringLike": ["s3:prefix": [.string(below)]]],
      ],
      allow(["s3:GetBucketLocation"], ["Fn::Sub": .string(bucket)]),
      // A token is for a whole registry; whose image may be pulled, the registry says.
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        repository(settings)),
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
    ]
  }

  /// The repositories of the images, where they are known and lie in ECR; else all.
  private static func repository(_ settings: JobSettings) -> JSONValue {
    func arn(_ image: String?) -> String? {
      image.flatMap { RegistryPath($0) }.map {
        "arn:${AWS::Partition}:ecr:\($0.region):\($0.account):repository/\($0.repository)"
      }
    }
    guard let own = arn(settings.image) else {
      return ["Fn::Sub": "arn:${AWS::Partition}:ecr:*:*:repository/*"]
    }
    let all = [own] + (arn(settings.trainingImage).map { [$0] } ?? [])
    return .array(all.map { ["Fn::Sub": .string($0)] })
  }

  /// The sample's Glue job; the workers are those that its version of Glue has.
  private static func job(_ glue: BuiltInTraining.GlueJob) -> JSONValue {
    [
      "Type": "AWS::Glue::Job",
      "Properties": [
        "Name": .string(glue.name), "Role": ["Fn::GetAtt": [.string(glueRole), "Arn"]],
        "GlueVersion": "4.0", "WorkerType": "G.1X", "NumberOfWorkers": 2,
        "ExecutionProperty": ["MaxConcurrentRuns": 2],
        "Command": [
          "Name": "glueetl", "PythonVersion": "3", "ScriptLocation": .string(glue.script),
        ],
        "DefaultArguments": ["--job-language": "python"],
      ],
    ]
  }

  /// What the Glue job does: its script and data in the bucket, its log.
  private static func glueStatements(_ settings: JobSettings) -> [JSONValue] {
    Array(jobStatements(settings).prefix(3)) + [
      [
        "Effect": "Allow",
        "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [
          "Fn::Sub": .string(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:"
              + "log-group:/aws-glue/*")
        ],
      ]
    ]
  }
}
