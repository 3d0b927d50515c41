// The reusable component: new objects start a pipeline that transforms them and writes to a feature group.
import Content
import TemplateParts

/// The template of an ingestion.
package enum IngestionTemplate {
  /// The guide's six parameters.
  package static let six = [
    "PipelineNamePrefix", "PipelineDescription", "DataWranglerFlowUrl", "DataWranglerOutputName",
    "S3DataPrefix", "FeatureGroupName",
  ]

  /// The beginning of the name of a pipeline, unless another one is given.
  package static let pipelinePrefix = "s3-fs-ingest-pipeline"

  /// The template; `image` is that of the transformation.
  ///
  /// A rule hears of every new object of the bucket; a small state machine takes those below the prefix and
  /// starts the pipeline once for each version of one, however often the event comes.
  package static func template(
    prefix: String, custom: [String: String], image: String? = nil
  ) throws -> TemplateDocument {
    var template = TemplateDocument(
      "New objects are transformed and written to a feature group",
      tags: custom.mapValues { JSONValue.string($0) }.merging([
        "sagemaker:project-name": Fn.ref("SageMakerProjectName"),
        "sagemaker:project-id": Fn.ref("SageMakerProjectId"), "app-prefix": .string(prefix),
      ]) { $1 })
    parameters(&template, image)
    roles(&template)
    template.add(
      "Pipeline", "AWS::SageMaker::Pipeline",
      [
        "PipelineName": Fn.sub("${PipelineNamePrefix}-${SageMakerProjectId}"),
        "PipelineDescription": Fn.ref("PipelineDescription"),
        "PipelineDefinition": [
          "PipelineDefinitionBody": [
            "Fn::Sub": [
              .string(try definition().canonicalText()), ["JobRole": jobRole],
            ]
          ]
        ],
        "RoleArn": jobRole,
      ])
    try trigger(&template)
    template.output("PipelineName", Fn.ref("Pipeline"))
    template.output("RuleName", Fn.ref("Rule"))
    return template
  }

  private static let jobRole = Fn.either(
    "MakesRole", Fn.get("IngestionRole", "Arn"), Fn.sub(role))

  private static let role =
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${ExecutionRoleName}"

  private static func parameters(_ template: inout TemplateDocument, _ image: String?) {
    template.parameter(
      "SageMakerProjectName", "name of the project", ["MinLength": 1, "MaxLength": 32])
    template.parameter(
      "SageMakerProjectId", "id of the project", ["MinLength": 1, "MaxLength": 16])
    template.parameter(
      "PipelineNamePrefix", "beginning of the pipeline's name", default: pipelinePrefix,
      ["AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,230}$", "MaxLength": 239])
    template.parameter(
      "PipelineDescription", "what the pipeline does", default: "feature store ingestion",
      ["MinLength": 1, "MaxLength": 1024])
    template.parameter(
      "DataWranglerFlowUrl", "the flow that transforms: s3://bucket/key",
      ["AllowedPattern": "^s3://[a-z0-9.-]{3,63}/[^\"\\\\$]+$", "MaxLength": 1024])
    template.parameter(
      "DataWranglerOutputName", "output of the flow, such as NODE.default",
      ["AllowedPattern": "^[a-zA-Z0-9._-]{1,128}$"])
    template.parameter(
      "S3DataPrefix", "where objects arrive: bucket/prefix, without s3://",
      ["AllowedPattern": "^[a-z0-9.-]{3,63}/[^*]+$", "MaxLength": 1024])
    template.parameter(
      "FeatureGroupName", "group of features that is written to",
      ["AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$"])
    template.parameter(
      "ExecutionRoleName",
      "role of the pipeline; Auto makes one, another one gets the rights for as long as the stack is there",
      default: "Auto", ["AllowedPattern": "^[a-zA-Z0-9+=,.@_-]{1,64}$"])
    template.parameter(
      "ProcessingImage", "image of the transformation, with its registry", default: image,
      ["MinLength": 1])
    template.condition("MakesRole", Fn.isEqual(Fn.ref("ExecutionRoleName"), "Auto"))
  }

  /// The bucket of `S3DataPrefix`.
  private static let bucket: JSONValue = [
    "Fn::Select": [0, ["Fn::Split": ["/", Fn.ref("S3DataPrefix")]]]
  ]

  private static func roles(_ template: inout TemplateDocument) {
    template.addRole("IngestionRole", trust: Policy.services(["sagemaker"]))
    template.setCondition("IngestionRole", "MakesRole")
    let sagemaker = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"
    template.add(
      "IngestionPolicy", "AWS::IAM::ManagedPolicy",
      [
        "Description": "An ingestion: its data, its jobs, its feature group",
        "Roles": [Fn.either("MakesRole", Fn.ref("IngestionRole"), Fn.ref("ExecutionRoleName"))],
        "PolicyDocument": Policy.document([
          Policy.allow(
            ["s3:GetObject"], on: [Fn.sub("arn:${AWS::Partition}:s3:::${S3DataPrefix}*")]),
          Policy.allow(
            ["s3:GetObject"],
            on: [
              Fn.join(
                "",
                [
                  Fn.sub("arn:${AWS::Partition}:s3:::"),
                  [
                    "Fn::Select": [1, ["Fn::Split": ["://", Fn.ref("DataWranglerFlowUrl")]]]
                  ],
                ])
            ]),
          Policy.allow(
            [
              "sagemaker:AddTags", "sagemaker:CreateProcessingJob",
              "sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob",
            ], on: [Fn.sub("\(sagemaker):processing-job/*")]),
          Policy.allow(
            ["sagemaker:DescribeFeatureGroup", "sagemaker:PutRecord"],
            on: [Fn.sub("\(sagemaker):feature-group/${FeatureGroupName}")]),
          Policy.allow(
            ["iam:PassRole"],
            on: [jobRole],
            when: ["StringEquals": ["iam:PassedToService": "sagemaker.amazonaws.com"]]),
          Policy.allow(["ecr:GetAuthorizationToken"], on: ["*"]),
          Policy.allow(
            [
              "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
            ], on: [Fn.sub("arn:${AWS::Partition}:ecr:*:*:repository/*")]),
          Policy.allow(
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            on: [
              Fn.sub(
                "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/*"
              )
            ]),
        ]),
      ])
    template.addRole(
      "MachineRole", trust: Policy.services(["states"]),
      policies: [
        (
          "start",
          [
            Policy.allow(
              ["sagemaker:StartPipelineExecution"],
              on: [Fn.sub("\(sagemaker):pipeline/${PipelineNamePrefix}-${SageMakerProjectId}")])
          ]
        )
      ])
    template.addRole(
      "RuleRole", trust: Policy.services(["events"]),
      policies: [("start", [Policy.allow(["states:StartExecution"], on: [Fn.ref("Machine")])])])
  }

  // ---- the pipeline ----

  /// The definition, in which `${Name}` stands for what the stack knows.
  private static func definition() -> JSONValue {
    let dollar = "${"
    func ofStack(_ name: String) -> JSONValue { .string("\(dollar)\(name)}") }
    func parameter(_ name: String) -> JSONValue { ["Get": .string("Parameters.\(name)")] }
    let folder = "/opt/ml/processing"
    func input(_ name: String, _ source: String) -> JSONValue {
      [
        "InputName": .string(name), "AppManaged": false,
        "S3Input": [
          "S3Uri": parameter(source), "LocalPath": .string("\(folder)/\(name)"),
          "S3DataType": "S3Prefix", "S3InputMode": "File",
          "S3DataDistributionType": "FullyReplicated", "S3CompressionType": "None",
        ],
      ]
    }
    return [
      "Version": "2020-12-01", "Metadata": .object([:]),
      "Parameters": [
        ["Name": "ProcessingInstanceType", "Type": "String", "DefaultValue": "ml.m5.4xlarge"],
        ["Name": "ProcessingInstanceCount", "Type": "Integer", "DefaultValue": 1],
        ["Name": "ProcessingVolumeSize", "Type": "Integer", "DefaultValue": 50],
        ["Name": "InputFlowUrl", "Type": "String", "DefaultValue": ofStack("DataWranglerFlowUrl")],
        [
          "Name": "InputDataUrl", "Type": "String",
          "DefaultValue": .string("s3://\(dollar)S3DataPrefix}"),
        ],
      ],
      "Steps": [
        [
          "Name": "datawrangler-processing-to-feature-store", "Type": "Processing",
          "Arguments": [
            "ProcessingResources": [
              "ClusterConfig": [
                "InstanceType": parameter("ProcessingInstanceType"),
                "InstanceCount": parameter("ProcessingInstanceCount"),
                "VolumeSizeInGB": parameter("ProcessingVolumeSize"),
              ]
            ],
            "AppSpecification": [
              "ImageUri": ofStack("ProcessingImage"),
              "ContainerArguments": [
                .string(
                  "--output-config '{\"\(dollar)DataWranglerOutputName}\": "
                    + "{\"content_type\": \"CSV\"}}'")
              ],
            ],
            "RoleArn": ofStack("JobRole"),
            "ProcessingInputs": [
              input("flow", "InputFlowUrl"), input("data", "InputDataUrl"),
            ],
            "ProcessingOutputConfig": [
              "Outputs": [
                [
                  "OutputName": ofStack("DataWranglerOutputName"), "AppManaged": true,
                  "FeatureStoreOutput": ["FeatureGroupName": ofStack("FeatureGroupName")],
                ]
              ]
            ],
            "StoppingCondition": ["MaxRuntimeInSeconds": 86_400],
          ],
        ]
      ],
    ]
  }

  // ---- the trigger ----

  private static func trigger(_ template: inout TemplateDocument) throws {
    template.add(
      "Machine", "AWS::StepFunctions::StateMachine",
      [
        "StateMachineName": Fn.sub("ingest-${SageMakerProjectId}-${FeatureGroupName}"),
        "RoleArn": Fn.get("MachineRole", "Arn"),
        "DefinitionString": .string(try machine().canonicalText()),
        "DefinitionSubstitutions": [
          "Pipeline": Fn.ref("Pipeline"), "Prefix": Fn.ref("S3DataPrefix"),
        ],
      ])
    template.add(
      "Rule", "AWS::Events::Rule",
      [
        "Description": Fn.sub("new objects of ${S3DataPrefix} are ingested"),
        "EventPattern": [
          "source": ["aws.s3"], "detail-type": ["Object Created"],
          "detail": ["bucket": ["name": [bucket]]],
        ],
        "Targets": [
          [
            "Id": "ingest", "Arn": Fn.ref("Machine"), "RoleArn": Fn.get("RuleRole", "Arn"),
            "InputTransformer": [
              "InputPathsMap": [
                "bucket": "$.detail.bucket.name", "key": "$.detail.object.key",
                "version": "$.detail.object.version-id", "etag": "$.detail.object.etag",
              ],
              "InputTemplate":
                "{\"bucket\": <bucket>, \"key\": <key>, \"version\": \"<version>\", \"etag\": \"<etag>\"}",
            ],
          ]
        ],
      ])
  }

  private static func machine() -> JSONValue {
    let version = "States.Format('{} {} {} {}', $.bucket, $.key, $.version, $.etag)"
    return [
      "Comment": "starts the ingestion once for a version of an object",
      "StartAt": "Where is it?",
      "States": [
        "Where is it?": [
          "Type": "Pass", "Parameters": ["at.$": "States.Format('{}/{}', $.bucket, $.key)"],
          "ResultPath": "$.place", "Next": "Below the prefix?",
        ],
        "Below the prefix?": [
          "Type": "Choice",
          "Choices": [
            ["Variable": "$.place.at", "StringMatches": "${Prefix}*", "Next": "Ingest once"]
          ], "Default": "Done",
        ],
        "Ingest once": [
          "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:startPipelineExecution",
          "Parameters": [
            "PipelineName": "${Pipeline}",
            "PipelineExecutionDisplayName.$": .string(
              "States.Format('on-{}', States.Hash(\(version), 'SHA-1'))"),
            // One token is one execution.
            "ClientRequestToken.$": .string("States.Hash(\(version), 'SHA-256')"),
            "PipelineParameters": [
              [
                "Name": "InputDataUrl",
                "Value.$": "States.Format('s3://{}/{}', $.bucket, $.key)",
              ]
            ],
          ], "ResultPath": .null,
          "Retry": [
            [
              "ErrorEquals": ["SageMaker.ThrottlingException", "States.Timeout"],
              "IntervalSeconds": 5, "MaxAttempts": 8, "BackoffRate": 2.0,
            ]
          ], "Next": "Done",
        ],
        "Done": ["Type": "Succeed"],
      ],
    ]
  }
}
