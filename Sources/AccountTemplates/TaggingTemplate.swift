// Jobs that carry no tags of a project get those of their role, so that their costs are the project's.
import Content
import TemplateParts

/// The template of `sm-tag-lambda-stack`: a rule and a small state machine, where the guide has a Lambda.
package enum TaggingTemplate {
  /// The tags that are handed on.
  package static let keys = ["CostCenter", "sagemaker:project-name", "sagemaker:project-id"]

  package static func template(
    prefix: String, tags: [String: JSONValue]
  ) throws -> TemplateDocument {
    var template = TemplateDocument(
      "Tags of a project on the training jobs of its role", tags: tags)
    template.addRole(
      "MachineRole", trust: Policy.services(["states"]),
      policies: [
        (
          "tag",
          [
            Policy.allow(
              ["iam:ListRoleTags"],
              on: [Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")]),
            Policy.allow(
              ["sagemaker:AddTags"],
              on: [
                Fn.sub(
                  "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:training-job/*")
              ]),
          ]
        )
      ])
    template.add(
      "Machine", "AWS::StepFunctions::StateMachine",
      [
        "StateMachineName": .string("\(prefix)-tag-training-jobs"),
        "RoleArn": Fn.get("MachineRole", "Arn"),
        "DefinitionString": .string(try definition().canonicalText()),
      ])
    template.addRole(
      "RuleRole", trust: Policy.services(["events"]),
      policies: [("start", [Policy.allow(["states:StartExecution"], on: [Fn.ref("Machine")])])])
    template.add(
      "Rule", "AWS::Events::Rule",
      [
        "Name": .string("\(prefix)-tag-training-jobs"),
        "Description": "Training jobs get the tags of their role",
        "EventPattern": [
          "source": ["aws.sagemaker"], "detail-type": ["SageMaker Training Job State Change"],
          "detail": ["TrainingJobStatus": ["InProgress"]],
        ],
        "Targets": [
          [
            "Id": "tag", "Arn": Fn.ref("Machine"), "RoleArn": Fn.get("RuleRole", "Arn"),
          ]
        ],
      ])
    return template
  }

  /// The role's name is the last part of its ARN.
  package static func definition() throws -> JSONValue {
    let parts = "States.StringSplit($.detail.RoleArn, '/')"
    let last = "States.MathAdd(States.ArrayLength(\(parts)), -1)"
    let wanted = keys.map { "@.Key == '\($0)'" }.joined(separator: " || ")
    return [
      "Comment": "tags a training job as its role is tagged", "StartAt": "Tags of the role",
      "States": [
        "Tags of the role": [
          "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:iam:listRoleTags",
          "Parameters": ["RoleName.$": .string("States.ArrayGetItem(\(parts), \(last))")],
          "ResultPath": "$.role", "Next": "Tags of a project",
        ],
        "Tags of a project": [
          "Type": "Pass",
          "Parameters": [
            "job.$": "$.detail.TrainingJobArn", "tags.$": .string("$.role.Tags[?(\(wanted))]"),
          ], "Next": "Any?",
        ],
        "Any?": [
          "Type": "Choice",
          "Choices": [["Variable": "$.tags[0]", "IsPresent": true, "Next": "Tag the job"]],
          "Default": "Nothing to do",
        ],
        "Tag the job": [
          "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:addTags",
          "Parameters": ["ResourceArn.$": "$.job", "Tags.$": "$.tags"], "ResultPath": .null,
          "Retry": [
            [
              "ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3,
              "BackoffRate": 2.0,
            ]
          ],
          "Next": "Nothing to do",
        ],
        "Nothing to do": ["Type": "Succeed"],
      ],
    ]
  }
}
