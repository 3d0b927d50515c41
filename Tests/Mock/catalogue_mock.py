"""moto's server for accounts and projects: aws_mock.py with what their stacks need and moto lacks.

    python catalogue_mock.py -H 127.0.0.1 -p 5555 -c CERTIFICATE -k KEY      (moto_server's own arguments)

Each account id has a state of its own, which AssumeRole into any role of it reaches. Added: stacks with resources
of SSM, KMS, SageMaker (model package groups with a policy, pipelines, user profiles with tags), Events, Step
Functions, ECR, CodeCommit, CodeBuild, CodePipeline, CodeArtifact and Service Catalog; projects of SageMaker, by a
template or by a product; presigned addresses of Studio; the switch of SageMaker's own templates. Names are
refused as AWS does: a name that does not match botocore's pattern, a second thing of one name, a role that is
not there or does not trust the service, a template that is not in a bucket.

State machines and pipelines run as in workflow_mock.py, and rules start them.

Calls of clients whose User-Agent is atelier are counted: GET /__cut gives their number, and after `POST /__cut`
with a number N the call N+1 and all later ones are lost, until another number or null is posted. GET
/__recorded lists what moto has no model of, with its tags.
"""

import json
import os
import re
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

import boto3
import botocore.loaders
import botocore.model
import moto.cloudformation.models as models
import moto.server
from botocore.config import Config
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.kms.models import Key
from moto.sagemaker.responses import SageMakerResponse
from moto.ssm.models import Parameter
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

import aws_mock
import workflow_mock
from aws_mock import AddedResource, Refusal, backend, studio

workflow_mock.pipeline_mock.behaviour, workflow_mock.pipeline_mock.leave = (
    workflow_mock.behaviour, workflow_mock.leave)

LOADER = botocore.loaders.Loader()
# Things that moto has no model of: by account and region, of (type, name) the tags and properties.
RECORDED = {}
lock = threading.RLock()


def recorded(account, region):
    return RECORDED.setdefault((account, region), {})


# ---- resources that are recorded -----------------------------------------------------------------

# The member that names a resource, and the shape of botocore's model that says which names are valid.
NAMED = {
    "AWS::CodeArtifact::Domain": ("DomainName", ("codeartifact", "DomainName")),
    "AWS::CodeArtifact::Repository": ("RepositoryName", ("codeartifact", "RepositoryName")),
    "AWS::CodeBuild::Project": ("Name", ("codebuild", "ProjectName")),
    "AWS::CodeCommit::Repository": ("RepositoryName", ("codecommit", "RepositoryName")),
    "AWS::CodePipeline::Pipeline": ("Name", ("codepipeline", "PipelineName")),
    "AWS::SageMaker::ModelPackageGroup": ("ModelPackageGroupName", ("sagemaker", "EntityName")),
    "AWS::SageMaker::Pipeline": ("PipelineName", ("sagemaker", "PipelineName")),
    "AWS::SageMaker::UserProfile": ("UserProfileName", ("sagemaker", "UserProfileName")),
    "AWS::ServiceCatalog::Portfolio": (None, None),
    "AWS::ServiceCatalog::CloudFormationProduct": (None, None),
    "AWS::ServiceCatalog::PortfolioProductAssociation": (None, None),
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation": (None, None),
    "AWS::ServiceCatalog::LaunchRoleConstraint": (None, None),
    "AWS::SSO::PermissionSet": ("Name", None),
}


def shape(service, name):
    return botocore.model.ServiceModel(
        LOADER.load_service_model(service, "service-2"), service).shape_for(name)


def check_name(value, service, name):
    found = shape(service, name)
    pattern, low, high = (found.metadata.get(key) for key in ("pattern", "min", "max"))
    if pattern and not re.fullmatch(pattern, value):
        raise Refusal(f"{value!r} does not match {pattern}")
    if low is not None and len(value) < low or high is not None and len(value) > high:
        raise Refusal(f"{value!r} has {len(value)} characters, not {low} to {high}")


def tags_of(properties):
    tags = properties.get("Tags", {})
    return dict(tags) if isinstance(tags, dict) else {one["Key"]: one["Value"] for one in tags}


def role_of(arn, service, account, region):
    """Refuses a role that is not there or does not trust the service."""
    name = arn.split("/")[-1]
    roles = {role.arn: role for role in backend("iam", account, region).roles.values()}
    if arn not in roles:
        raise Refusal(f"The role {arn} does not exist")
    if f"{service}.amazonaws.com" not in str(roles[arn].assume_role_policy_document):
        raise Refusal(f"The role {name} does not trust {service}.amazonaws.com")


ROLES = {
    "AWS::CodeBuild::Project": ("ServiceRole", "codebuild"),
    "AWS::CodePipeline::Pipeline": ("RoleArn", "codepipeline"),
    "AWS::SageMaker::Pipeline": ("RoleArn", "sagemaker"),
    "AWS::ServiceCatalog::LaunchRoleConstraint": ("RoleArn", "servicecatalog"),
}


def make_recorded(kind):
    member, rule = NAMED[kind]

    def make(name, properties, account, region):
        value = properties.get(member) if member else None
        value = value or f"{kind.split(':')[-1].lower()[:4]}-{uuid.uuid4().hex[:13]}"
        if rule and member in properties:
            check_name(value, *rule)
        if kind in ROLES:
            role_of(properties[ROLES[kind][0]], ROLES[kind][1], account, region)
        if kind == "AWS::ServiceCatalog::CloudFormationProduct":
            for artifact in properties["ProvisioningArtifactParameters"]:
                template_of(artifact["Info"]["LoadTemplateFromURL"], account, region)
        if kind == "AWS::SageMaker::UserProfile":
            held = studio(account, region)
            if not any(d == properties["DomainId"] for d in backend("sagemaker", account, region).domains):
                raise Refusal(f"Domain {properties['DomainId']} does not exist")
            if any(one["UserProfileName"] == value for one in held["profiles"]):
                raise Refusal(f"UserProfile {value} already exists")
            held["profiles"].append({"DomainId": properties["DomainId"], "UserProfileName": value})
        with lock:
            if (kind, value) in recorded(account, region):
                raise Refusal(f"{value} already exists in stack")
            recorded(account, region)[kind, value] = {
                "tags": tags_of(properties), "properties": properties}
        part = kind.split("::")[1].lower()
        attributes = {"Arn": f"arn:aws:{part}:{region}:{account}:{value}", "Name": value}
        if kind == "AWS::ServiceCatalog::CloudFormationProduct":
            attributes["ProvisioningArtifactIds"] = "pa-" + uuid.uuid4().hex[:13]
            recorded(account, region)[kind, value]["artifact"] = attributes["ProvisioningArtifactIds"]
        if kind == "AWS::SageMaker::Pipeline":
            make_pipeline(value, properties, account, region)
        if kind == "AWS::SageMaker::ModelPackageGroup":
            backend("sagemaker", account, region).create_model_package_group(
                value, properties.get("ModelPackageGroupDescription"), properties.get("Tags", []))
        return value, attributes
    return make


def make_pipeline(name, properties, account, region):
    body = properties["PipelineDefinition"]["PipelineDefinitionBody"]
    json.loads(body)
    backend("sagemaker", account, region).create_pipeline(
        pipeline_name=name, pipeline_display_name=name, pipeline_definition=body,
        pipeline_definition_s3_location=None, pipeline_description=properties.get("PipelineDescription"),
        role_arn=properties["RoleArn"],
        tags=properties.get("Tags", []), parallelism_configuration=None)


def definition_of(properties):
    text = properties["DefinitionString"]
    for key, value in properties.get("DefinitionSubstitutions", {}).items():
        text = text.replace("${%s}" % key, value)
    return text


def make_machine(name, properties, account, region):
    """A machine that runs, where moto makes one that does not."""
    role_of(properties["RoleArn"], "states", account, region)
    machine = stepfunctions_parser_backends[account][region].create_state_machine(
        properties.get("StateMachineName", name), definition_of(properties), roleArn=properties["RoleArn"])
    recorded(account, region)["AWS::StepFunctions::StateMachine", machine.arn] = {
        "tags": tags_of(properties), "properties": properties}
    return machine.arn, {"Arn": machine.arn, "Name": machine.name}


aws_mock.MAKERS["AWS::StepFunctions::StateMachine"] = make_machine

for kind in NAMED:
    aws_mock.MAKERS[kind] = make_recorded(kind)

update_added = AddedResource.update_from_cloudformation_json.__func__


def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    kind = cloudformation_json["Type"]
    found = recorded(account_id, region_name).get((kind, original_resource.physical_resource_id))
    if found is not None:
        found["properties"] = cloudformation_json.get("Properties", {})
        found["tags"] = tags_of(found["properties"])
    if kind == "AWS::StepFunctions::StateMachine":
        stepfunctions_parser_backends[account_id][region_name].update_state_machine(
            original_resource.physical_resource_id, definition_of(found["properties"]),
            role_arn=found["properties"]["RoleArn"])
    return update_added(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)


AddedResource.update_from_cloudformation_json = classmethod(update)

make_domain = aws_mock.MAKERS["AWS::SageMaker::Domain"]


def make_tagged_domain(name, properties, account, region):
    value, attributes = make_domain(name, properties, account, region)
    recorded(account, region)["AWS::SageMaker::Domain", value] = {
        "tags": tags_of(properties), "properties": properties}
    return value, attributes


aws_mock.MAKERS["AWS::SageMaker::Domain"] = make_tagged_domain


# ---- what moto's own resources lack ---------------------------------------------------------------

create_key = Key.create_from_cloudformation_json.__func__


def create_tagged_key(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    """moto takes the words of KMS for tags, a template those of CloudFormation."""
    properties = dict(cloudformation_json["Properties"])
    properties["Tags"] = [{"TagKey": k, "TagValue": v} for k, v in tags_of(properties).items()]
    properties["KeyPolicy"] = json.dumps(properties["KeyPolicy"])
    return create_key(
        cls, resource_name, {**cloudformation_json, "Properties": properties}, account_id, region_name, **others)


Key.create_from_cloudformation_json = classmethod(create_tagged_key)

create_parameter = Parameter.create_from_cloudformation_json.__func__


def create_tagged_parameter(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    """moto takes a list of tags, a template an object."""
    properties = dict(cloudformation_json["Properties"])
    properties["Tags"] = [{"Key": k, "Value": v} for k, v in tags_of(properties).items()]
    return create_parameter(
        cls, resource_name, {**cloudformation_json, "Properties": properties}, account_id, region_name, **others)


Parameter.create_from_cloudformation_json = classmethod(create_tagged_parameter)

finish_role = aws_mock.FINISHERS["AWS::IAM::Role"]


def finish_tagged_role(role, properties, account, region):
    finish_role(role, properties, account, region)
    iam = backend("iam", account, region)
    if properties.get("Tags"):
        iam.tag_role(role.name, properties["Tags"])


aws_mock.FINISHERS["AWS::IAM::Role"] = finish_tagged_role

finish_bucket = aws_mock.FINISHERS["AWS::S3::Bucket"]


def finish_tagged_bucket(bucket, properties, account, region):
    finish_bucket(bucket, properties, account, region)
    s3 = backend("s3", account, region)
    if properties.get("Tags"):
        s3.put_bucket_tagging(bucket.name, tags_of(properties))
    if "NotificationConfiguration" in properties:
        s3.put_bucket_notification_configuration(bucket.name, {"EventBridgeConfiguration": ""})


aws_mock.FINISHERS["AWS::S3::Bucket"] = finish_tagged_bucket

remove_known = aws_mock.remove


def remove(resource, kind, account, region):
    """Removes a resource; raises Refusal where AWS would refuse."""
    name = aws_mock.identity(resource)
    iam, sagemaker = backend("iam", account, region), backend("sagemaker", account, region)
    match kind:
        case "AWS::SSM::Parameter":
            backend("ssm", account, region).delete_parameter(resource.name)
        case "AWS::KMS::Key":
            backend("kms", account, region).schedule_key_deletion(resource.id, 7)
        case "AWS::KMS::Alias":
            backend("kms", account, region).delete_alias(resource.alias_name)
        case "AWS::ECR::Repository":
            backend("ecr", account, region).delete_repository(resource.name, force=True)
        case "AWS::Events::Rule":
            events = backend("events", account, region)
            rule = events.describe_rule(resource.name, None)
            rule.targets.clear()
            events.delete_rule(resource.name, None)
        case "AWS::StepFunctions::StateMachine":
            stepfunctions_parser_backends[account][region].delete_state_machine(name)
        case "AWS::IAM::ManagedPolicy":
            for role in list(iam.roles.values()):
                role.managed_policies.pop(resource.arn, None)
            iam.managed_policies.pop(resource.arn, None)
        case "AWS::SageMaker::UserProfile":
            aws_mock.remove_profile(resource.properties["DomainId"], name, account, region)
        case "AWS::SageMaker::ModelPackageGroup":
            if any(p.model_package_group_name == name for p in sagemaker.model_packages.values()):
                raise Refusal(f"Cannot delete ModelPackageGroup {name}: it has model packages")
            sagemaker.model_package_groups.pop(name, None)
        case "AWS::SageMaker::Pipeline":
            sagemaker.pipelines.pop(name, None)
        case _ if kind in NAMED:
            pass
        case _:
            remove_known(resource, kind, account, region)
    if kind == "AWS::ServiceCatalog::Portfolio":
        others = [k for k in recorded(account, region)
                  if k[0].startswith("AWS::ServiceCatalog::Portfolio") and k[0].endswith("Association")]
        if others:
            raise Refusal(f"Portfolio {name} has associations")
    recorded(account, region).pop((kind, name), None)


aws_mock.remove = remove



# ---- two calls at once ----------------------------------------------------------------------------

create_change_set = models.CloudFormationBackend.create_change_set
execute_change_set = models.CloudFormationBackend.execute_change_set


def create_alone(self, stack_name, *words, **others):
    with lock:
        for stack in self.stacks.values():
            if stack_name in (stack.name, stack.stack_id):
                refuse_moving(stack)
        return create_change_set(self, stack_name, *words, **others)


def execute_alone(self, change_set_name, stack_name=None):
    with lock:
        change_set = self.describe_change_set(change_set_name)
        stack = self.stacks[change_set.stack_id]
        refuse_moving(stack)
        if change_set.tags:  # moto keeps those of the creation
            stack.tags = dict(change_set.tags)
        return execute_change_set(self, change_set_name, stack_name)


def refuse_moving(stack):
    if stack.status.endswith("IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS":
        raise models.ValidationError(
            stack.name, message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")


models.CloudFormationBackend.create_change_set = create_alone
models.CloudFormationBackend.execute_change_set = execute_alone


# ---- templates of buckets -------------------------------------------------------------------------

def template_of(url, account, region):
    """The text of a template at an https address of S3; Refusal where there is none."""
    found = re.fullmatch(r"https://([^/]+?)\.s3[.-][^/]*amazonaws\.com[^/]*/(.+)", url)
    if not found:
        raise Refusal(f"{url} is no address of an object in S3")
    s3 = backend("s3", account, region)
    bucket, key = found.groups()
    if bucket not in s3.buckets or s3.get_object(bucket, key) is None:
        raise Refusal(f"S3 error: Access Denied for {url}")
    return s3.get_object(bucket, key).value.decode()


def refuse(message):
    raise JsonRESTError("ValidationException", message)


# ---- projects of SageMaker ------------------------------------------------------------------------

# By account and region: projects by name.
PROJECTS, PORTFOLIO = {}, {}


def operation(act):
    def respond(self):
        parameters = json.loads(self.body or "{}")
        with lock:
            answer = act(self.current_account, self.region, parameters)
        return EmptyResult() if answer is None else ActionResult(answer)
    setattr(SageMakerResponse, act.__name__, respond)


def check_request(name, parameters):
    """Unknown and missing members of a request, by botocore's model."""
    found = botocore.model.ServiceModel(
        LOADER.load_service_model("sagemaker", "service-2"), "sagemaker").operation_model(name).input_shape

    def walk(wanted, value, path):
        if wanted.type_name == "structure":
            for key in value:
                if key not in wanted.members:
                    refuse(f"Unknown member {path}{key}")
                walk(wanted.members[key], value[key], f"{path}{key}.")
            for key in wanted.required_members:
                if key not in value:
                    refuse(f"Missing member {path}{key}")
        elif wanted.type_name == "list":
            for one in value:
                walk(wanted.member, one, path)
        elif wanted.type_name == "string":
            pattern = wanted.metadata.get("pattern")
            pattern = pattern and pattern.replace("\\p{L}", "a-zA-Z").replace("\\p{Z}", " ").replace("\\p{N}", "0-9")
            if pattern and not re.fullmatch(pattern, value, re.DOTALL):
                refuse(f"Value '{value}' at '{path}' failed to satisfy constraint: {pattern}")
            high = wanted.metadata.get("max")
            if high is not None and len(value) > high:
                refuse(f"Value '{value}' at '{path}' is longer than {high}")
    walk(found, parameters, "")


def projects(account, region):
    return PROJECTS.setdefault((account, region), {})


@operation
def create_project(account, region, parameters):
    check_request("CreateProject", parameters)
    name = parameters["ProjectName"]
    held = projects(account, region)
    if name in held:
        refuse(f"Project {name} already exists")
    providers, details = parameters.get("TemplateProviders"), parameters.get("ServiceCatalogProvisioningDetails")
    if bool(providers) == bool(details):
        refuse("Exactly one of ServiceCatalogProvisioningDetails and TemplateProviders must be given")
    try:
        if providers:
            own = providers[0]["CfnTemplateProvider"]
            if "RoleARN" not in own:
                refuse("RoleARN is missing")
            role_of(own["RoleARN"], "cloudformation", account, region)
            text = template_of(own["TemplateURL"], account, region)
            given = own.get("Parameters", [])
        else:
            product = recorded(account, region).get(
                ("AWS::ServiceCatalog::CloudFormationProduct", details["ProductId"]))
            if product is None or product["artifact"] != details["ProvisioningArtifactId"]:
                refuse(f"Product {details['ProductId']} not found")
            if product["tags"].get("sagemaker:studio-visibility") != "true":
                refuse("The product lacks the tag sagemaker:studio-visibility")
            constraints = [
                one for (kind, _), one in recorded(account, region).items()
                if kind.endswith("LaunchRoleConstraint")
                and one["properties"]["ProductId"] == details["ProductId"]]
            if not constraints:
                refuse("The product has no launch constraint")
            url = product["properties"]["ProvisioningArtifactParameters"][0]["Info"]["LoadTemplateFromURL"]
            text = template_of(url, account, region)
            given = details.get("ProvisioningParameters", [])
    except Refusal as error:
        refuse(str(error))
    identity = "p-" + uuid.uuid4().hex[:12]
    values = {one["Key"]: one["Value"] for one in given}
    values.update(SageMakerProjectName=name, SageMakerProjectId=identity)
    arn = f"arn:aws:sagemaker:{region}:{account}:project/{name}"
    held[name] = {
        "ProjectArn": arn, "ProjectName": name, "ProjectId": identity, "CreationTime": time.time(),
        "ProjectStatus": "CreateInProgress", "ProjectDescription": parameters.get("ProjectDescription", ""),
        "tags": {one["Key"]: one["Value"] for one in parameters.get("Tags", [])},
        **({"TemplateProviderDetails": [{"CfnTemplateProviderDetail": dict(own, StackDetail={
            "Name": f"SageMaker-{name}-{identity}", "StatusMessage": ""})}]} if providers
           else {"ServiceCatalogProvisioningDetails": details})}
    threading.Thread(
        target=build, args=(account, region, held[name], text, values), daemon=True).start()
    return {"ProjectArn": arn, "ProjectId": identity}


def build(account, region, project, text, values):
    cloud = backend("cloudformation", account, region)
    stack_name = f"SageMaker-{project['ProjectName']}-{project['ProjectId']}"
    try:
        change, _ = cloud.create_change_set(
            stack_name, "create", text, values, "", "CREATE", notification_arns=[], tags={}, role_arn=None)
        cloud.execute_change_set(change)
        stack = next(s for s in cloud.stacks.values() if s.name == stack_name)
        while stack.status.endswith("IN_PROGRESS"):
            time.sleep(0.02)
        project["stack"] = stack.stack_id
        project["ProjectStatus"] = (
            "CreateCompleted" if stack.status == "CREATE_COMPLETE" else "CreateFailed")
        reasons = [e.resource_status_reason for e in stack.events if e.resource_status.endswith("CREATE_FAILED")]
    except Exception as error:
        project["ProjectStatus"], reasons = "CreateFailed", [str(getattr(error, "message", error))]
    if reasons and project.get("TemplateProviderDetails"):
        detail = project["TemplateProviderDetails"][0]["CfnTemplateProviderDetail"]["StackDetail"]
        detail["StatusMessage"] = str(reasons[0])


@operation
def describe_project(account, region, parameters):
    found = projects(account, region).get(parameters["ProjectName"])
    if found is None:
        refuse(f"Project {parameters['ProjectName']} does not exist")
    return {key: value for key, value in found.items() if key not in ("tags", "stack")}


@operation
def list_projects(account, region, parameters):
    return {"ProjectSummaryList": [
        {key: one[key] for key in ("ProjectName", "ProjectArn", "ProjectId", "CreationTime", "ProjectStatus")}
        for one in projects(account, region).values()]}


@operation
def delete_project(account, region, parameters):
    found = projects(account, region).get(parameters["ProjectName"])
    if found is None:
        refuse(f"Project {parameters['ProjectName']} does not exist")
    if found["ProjectStatus"].endswith("InProgress"):
        refuse(f"Project is in the status {found['ProjectStatus']}")
    found["ProjectStatus"] = "DeleteInProgress"
    threading.Thread(target=unbuild, args=(account, region, found), daemon=True).start()


def unbuild(account, region, project):
    cloud = backend("cloudformation", account, region)
    if "stack" in project and project["stack"] in cloud.stacks:
        stack = cloud.stacks[project["stack"]]
        cloud.delete_stack(project["stack"])
        while stack.status == "DELETE_IN_PROGRESS" or stack.status.startswith("CREATE"):
            time.sleep(0.02)
        if stack.status != "DELETE_COMPLETE":
            project["ProjectStatus"] = "DeleteFailed"
            return
    with lock:
        projects(account, region).pop(project["ProjectName"], None)


@operation
def get_sagemaker_servicecatalog_portfolio_status(account, region, parameters):
    return {"Status": PORTFOLIO.get((account, region), "Enabled")}


@operation
def enable_sagemaker_servicecatalog_portfolio(account, region, parameters):
    PORTFOLIO[account, region] = "Enabled"


@operation
def disable_sagemaker_servicecatalog_portfolio(account, region, parameters):
    PORTFOLIO[account, region] = "Disabled"


@operation
def create_presigned_domain_url(account, region, parameters):
    check_request("CreatePresignedDomainUrl", parameters)
    held = studio(account, region)
    who = {key: parameters[key] for key in ("DomainId", "UserProfileName")}
    if who not in held["profiles"]:
        refuse(f"User profile {who['UserProfileName']} does not exist")
    return {"AuthorizedUrl": f"https://{who['DomainId']}.studio.{region}.sagemaker.aws/auth?token={uuid.uuid4().hex}"}


@operation
def list_pipeline_parameters_for_execution(account, region, parameters):
    found = workflow_mock.pipeline_mock.named(parameters["PipelineExecutionArn"])
    return {"PipelineParameters": [{"Name": k, "Value": v} for k, v in found.parameters.items()]}


@operation
def delete_model_package(account, region, parameters):
    state = backend("sagemaker", account, region)
    arn = state.model_package_name_mapping.get(parameters["ModelPackageName"], parameters["ModelPackageName"])
    if state.model_packages.pop(arn, None) is None:
        refuse(f"Model Package {arn} does not exist")


list_tags = SageMakerResponse.list_tags


def list_tags_of_projects(self):
    arn = json.loads(self.body)["ResourceArn"]
    for found in projects(self.current_account, self.region).values():
        if found["ProjectArn"] == arn:
            return ActionResult({"Tags": [{"Key": k, "Value": v} for k, v in found["tags"].items()]})
    return list_tags(self)


SageMakerResponse.list_tags = list_tags_of_projects


# ---- machines that call services in their own account ----------------------------------------------

executing = threading.local()
eval_sdk = StateTaskServiceAwsSdk._eval_service_task


def eval_in_account(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    executing.account = resource_runtime_part.account
    eval_sdk(self, env, resource_runtime_part, normalised_parameters, state_credentials)


StateTaskServiceAwsSdk._eval_service_task = eval_in_account


def client_in_account(region, service, state_credentials=None):
    """moto asks by plain HTTP and for one account."""
    arguments = sys.argv
    secure = "-c" in arguments
    place = {
        "endpoint_url": f"http{'s' if secure else ''}://127.0.0.1:{arguments[arguments.index('-p') + 1]}",
        "region_name": region, **({"verify": arguments[arguments.index("-c") + 1]} if secure else {})}
    keys = {"aws_access_key_id": "ak", "aws_secret_access_key": "sk"}
    account = getattr(executing, "account", None)
    if account:
        found = boto3.client("sts", **keys, **place).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/states", RoleSessionName="states")["Credentials"]
        keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"]}
    return boto3.client(service, **keys, **place, config=Config(
        parameter_validation=False, retries={"max_attempts": 0, "total_max_attempts": 1}))


original_client = boto_client.boto_client_for
for module in list(sys.modules.values()):
    if getattr(module, "boto_client_for", None) is original_client:
        module.boto_client_for = client_in_account


# ---- calls that are cut ---------------------------------------------------------------------------

class Cutter:
    """Counts calls of the program, and holds those behind a number until it was killed."""

    def __init__(self, application):
        self.application, self.lock = application, threading.Condition()
        self.seen, self.limit, self.turn = 0, None, 0

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/__cut":
            return self.control(environ, start_response)
        if environ["PATH_INFO"] == "/__recorded":
            return self.answer(start_response, [
                {"account": account, "region": region, "type": kind, "name": name, "tags": one["tags"]}
                for (account, region), held in RECORDED.items() for (kind, name), one in held.items()])
        if environ.get("HTTP_USER_AGENT") == "atelier":
            with self.lock:
                self.seen += 1
                if self.limit is not None and self.seen > self.limit:
                    turn = self.turn
                    self.lock.wait_for(lambda: self.turn != turn, timeout=60)
                    # The program was killed in front of this call.
                    raise ConnectionAbortedError("cut")
        return self.application(environ, start_response)

    def control(self, environ, start_response):
        with self.lock:
            if environ["REQUEST_METHOD"] == "POST":
                size = int(environ.get("CONTENT_LENGTH") or 0)
                self.limit, self.seen, self.turn = (
                    json.loads(environ["wsgi.input"].read(size) or b"null"), 0, self.turn + 1)
                self.lock.notify_all()
            seen = self.seen
        return self.answer(start_response, seen)

    def answer(self, start_response, value):
        body = json.dumps(value).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


if __name__ == "__main__":
    serve = moto.server.run_simple
    moto.server.run_simple = lambda host, port, application, **others: serve(
        host, port, Cutter(application), **others)
    moto.server.main()
