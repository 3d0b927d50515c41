// The build and the deployment of a project, as pipelines and as a script that does the same.
import Content
import TemplateParts

/// CI/CD of a project.
package enum ProjectCI {
  /// What the build does, command by command.
  static let build = [
    "atelier run \"$ATELIER_WORKSHOP\"", "atelier check \"$ATELIER_WORKSHOP\"",
  ]

  /// What the deployment to a tier does: exactly the digest that was approved.
  static func deploy(_ tier: String) -> [String] {
    ["atelier model promote \"$MODEL_DIGEST\" --to \(tier) --workshop \"$ATELIER_WORKSHOP\""]
  }

  /// The pipelines alone, for a project that is there.
  package static func template(
    prefix: String, custom: [String: String]
  ) throws -> TemplateDocument {
    var template = TemplateDocument(
      "Build and deployment of a project",
      tags: ProjectTemplate.tags(prefix: prefix, custom: custom))
    for (name, description) in [
      ("SageMakerProjectName", "name of the project"), ("SageMakerProjectId", "id of the project"),
      ("CostCenter", "who pays"),
    ] {
      template.parameter(name, description, ["MinLength": 1])
    }
    try add(to: &template, prefix: prefix)
    return template
  }

  /// A script of the shell that does what the pipelines do.
  package static func script(project: String, prefix: String) -> String {
    """
    #!/bin/sh
    # Build and deployment of the project \(project), as its pipelines do it.
    #   build                 brings the workshop up to date and compares it with its baselines
    #   deploy TIER DIGEST    promotes exactly this digest, which a lead has approved, to preprod or prod
    # ATELIER_WORKSHOP names the workshop. Between two deployments a person decides.
    set -eu
    usage() { echo "usage: $0 build | deploy preprod|prod DIGEST" >&2; exit 2; }
    : "${ATELIER_WORKSHOP:?name the workshop}"
    export ATELIER_ACCOUNTS_PREFIX='\(prefix)'
    case "${1:-}" in
    build)
    \(build.map { "    " + $0 }.joined(separator: "\n"))
        ;;
    deploy)
        [ $# -eq 3 ] || usage
        case "$2" in preprod|prod) ;; *) usage ;; esac
        MODEL_DIGEST=$3
    \(deploy("\"$2\"").map { "    " + $0 }.joined(separator: "\n"))
        ;;
    *) usage ;;
    esac

    """
  }

  // ---- pipelines ----

  private static let name = "${SageMakerProjectName}"

  static func add(to template: inout TemplateDocument, prefix: String) throws {
    for word in ["build", "deploy"] {
      template.add(
        "\(word == "build" ? "Build" : "Deploy")Repository", "AWS::CodeCommit::Repository",
        [
          "RepositoryName": Fn.sub("\(name)-\(word)"),
          "RepositoryDescription": Fn.sub("\(word) of the project \(name)"),
        ])
    }
    template.addBucket(
      "PipelineArtifacts", named: Fn.sub("\(prefix)-ci-\(name)-${AWS::AccountId}"))
    addRoles(&template)
    addBuild("BuildProject", "build", build, &template)
    addBuild("PreProdProject", "preprod", deploy("preprod"), &template)
    addBuild("ProdProject", "prod", deploy("prod"), &template)
    let source: JSONValue = [
      "Name": "Source",
      "Actions": [action("Source", "Source", "CodeCommit", output: "Sources")],
    ]
    pipeline(
      "BuildPipeline", "build",
      [source, ["Name": "Build", "Actions": [build("Build", "BuildProject")]]], &template)
    let digest: JSONValue = [
      [
        "name": "MODEL_DIGEST", "value": "#{variables.ModelDigest}", "type": "PLAINTEXT",
      ]
    ]
    let environment = try digest.canonicalText()
    var stages: [JSONValue] = [
      [
        "Name": "Source",
        "Actions": [action("Source", "Source", "CodeCommit", output: "Sources", of: "deploy")],
      ]
    ]
    for (tier, project) in [("PreProd", "PreProdProject"), ("Prod", "ProdProject")] {
      stages.append([
        "Name": .string("Approve\(tier)"),
        "Actions": [action("Approve", "Approval", "Manual")],
      ])
      stages.append([
        "Name": .string("Deploy\(tier)"),
        "Actions": [build("Promote", project, environment: environment)],
      ])
    }
    pipeline(
      "DeployPipeline", "deploy", stages, &template,
      variables: [["Name": "ModelDigest", "Description": "digest of the approved model"]])
  }

  private static func addRoles(_ template: inout TemplateDocument) {
    let artifacts: [JSONValue] = [
      Fn.get("PipelineArtifacts", "Arn"), Fn.sub("${PipelineArtifacts.Arn}/*"),
    ]
    let objects = Policy.allow(
      ["s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      on: artifacts)
    template.addRole(
      "PipelineRole", trust: Policy.services(["codepipeline"]),
      policies: [
        (
          "pipeline",
          [
            objects,
            Policy.allow(
              [
                "codecommit:CancelUploadArchive", "codecommit:GetBranch", "codecommit:GetCommit",
                "codecommit:GetUploadArchiveStatus", "codecommit:UploadArchive",
              ], on: [Fn.get("BuildRepository", "Arn"), Fn.get("DeployRepository", "Arn")]),
            Policy.allow(
              ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
              on: ["BuildProject", "PreProdProject", "ProdProject"].map { Fn.get($0, "Arn") }),
          ]
        )
      ])
    template.addRole(
      "BuilderRole", trust: Policy.services(["codebuild"]),
      policies: [
        (
          "build",
          [
            objects,
            Policy.allow(
              ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
              on: [
                Fn.sub(
                  "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/codebuild/*"
                )
              ]),
            // Into the other tiers by their bootstrap's role, which trusts this account.
            Policy.allow(
              ["sts:AssumeRole"],
              on: [Fn.sub("arn:${AWS::Partition}:iam::*:role/cdk-hnb659fds-deploy-role-*")]),
          ]
        )
      ])
  }

  private static func addBuild(
    _ id: String, _ word: String, _ commands: [String], _ template: inout TemplateDocument
  ) {
    let lines = commands.map { "      - '\($0)'" }.joined(separator: "\n")
    template.add(
      id, "AWS::CodeBuild::Project",
      [
        "Name": Fn.sub("\(name)-\(word)"), "ServiceRole": Fn.get("BuilderRole", "Arn"),
        "Artifacts": ["Type": "CODEPIPELINE"],
        "Environment": [
          "Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_MEDIUM",
          "Image": "aws/codebuild/standard:7.0",
          // Another workshop than one of the project's name is set in the build project.
          "EnvironmentVariables": [
            ["Name": "ATELIER_WORKSHOP", "Value": Fn.ref("SageMakerProjectName")]
          ],
        ],
        "Source": [
          "Type": "CODEPIPELINE",
          "BuildSpec": .string(
            "version: 0.2\nphases:\n  build:\n    commands:\n\(lines)\n"),
        ],
      ])
  }

  private static func action(
    _ action: String, _ category: String, _ provider: String, output: String? = nil,
    of word: String = "build"
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "Name": .string(action),
      "ActionTypeId": [
        "Category": .string(category), "Owner": "AWS", "Provider": .string(provider),
        "Version": "1",
      ],
    ]
    if let output {
      members["OutputArtifacts"] = [["Name": .string(output)]]
      members["Configuration"] = [
        "RepositoryName": Fn.sub("\(name)-\(word)"), "BranchName": "main",
        "PollForSourceChanges": "false",
      ]
    }
    return .object(members)
  }

  private static func build(
    _ name: String, _ project: String, environment: String? = nil
  ) -> JSONValue {
    var configuration: [String: JSONValue] = ["ProjectName": Fn.ref(project)]
    if let environment { configuration["EnvironmentVariables"] = .string(environment) }
    return [
      "Name": .string(name),
      "ActionTypeId": [
        "Category": "Build", "Owner": "AWS", "Provider": "CodeBuild", "Version": "1",
      ],
      "InputArtifacts": [["Name": "Sources"]], "Configuration": .object(configuration),
    ]
  }

  private static func pipeline(
    _ id: String, _ word: String, _ stages: [JSONValue], _ template: inout TemplateDocument,
    variables: JSONValue? = nil
  ) {
    var properties: [String: JSONValue] = [
      "Name": Fn.sub("\(name)-\(word)"), "RoleArn": Fn.get("PipelineRole", "Arn"),
      "PipelineType": "V2",
      "ArtifactStore": ["Type": "S3", "Location": Fn.ref("PipelineArtifacts")],
      "Stages": .array(stages),
    ]
    if let variables { properties["Variables"] = variables }
    template.add(id, "AWS::CodePipeline::Pipeline", properties)
  }
}
