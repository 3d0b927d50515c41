"""moto's server with what the workshop's stack needs and moto 5.2.5 lacks.

    python aws_mock.py -H 127.0.0.1 -p 5555 -c CERTIFICATE -k KEY      (moto_server's own arguments)

Added: the resource types S3::BucketPolicy, SecretsManager::Secret, SageMaker::Domain and UserProfile, of
S3::Bucket versioning and the block of public access, of IAM::User its own policies; a Domain comes with what SageMaker leaves behind
(a file system with mount targets, two security groups); apps, spaces and user profiles of SageMaker.

A bucket policy that refuses plain HTTP does so, and lets HTTPS pass: hence the certificate.

Stacks are made, changed and removed as CloudFormation does it: in the background, in order, an event for
each resource, rolled back when one fails, refused where something else depends on a resource.

AWS_MOCK_DELAY is the seconds that a resource takes (0.01), so that a test can interrupt something.
"""

import json
import os
import threading
import time
import uuid

import flask
import moto.cloudformation.models as models
import moto.cloudformation.parsing as parsing
import moto.server
from moto.backends import get_backend
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.common_models import CloudFormationModel
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import AWSManagedPolicy
from moto.s3.models import FakeBucket
from moto.sagemaker.responses import SageMakerResponse

DELAY = float(os.environ.get("AWS_MOCK_DELAY", "0.01"))


def backend(service, account, region):
    """A service's state; those of S3 and IAM belong to a partition, not to a region."""
    return get_backend(service)[account]["aws" if service in ("s3", "iam") else region]


class Refusal(Exception):
    """Why a resource can be neither made nor removed."""


# ---- resource types -------------------------------------------------------------------------------


class AddedResource(CloudFormationModel):
    """A resource of a type that moto does not know: its name, its attributes, its properties."""

    # moto files a model under the second part of its module's name.
    __module__ = "moto.cloudformation.added"

    def __init__(self, name, attributes, properties):
        self.physical_resource_id, self.attributes, self.properties = name, attributes, properties

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return "Atelier::Added"

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    @classmethod
    def create_from_cloudformation_json(cls, name, resource, account, region, **_):
        properties = resource.get("Properties", {})
        return cls(*MAKERS[resource["Type"]](name, properties, account, region), properties)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.properties = cloudformation_json.get("Properties", {})
        if cloudformation_json["Type"] == "AWS::S3::BucketPolicy":
            make_bucket_policy("", original_resource.properties, account_id, region_name)
        return original_resource

    def is_created(self):
        return True


def make_bucket_policy(_, properties, account, region):
    document = json.dumps(properties["PolicyDocument"]).encode()
    backend("s3", account, region).put_bucket_policy(properties["Bucket"], document)
    return properties["Bucket"], {}


def make_secret(name, properties, account, region):
    answer = backend("secretsmanager", account, region).create_secret(
        name=name, secret_string=properties["SecretString"], secret_binary=None,
        description=properties.get("Description"), tags=properties.get("Tags", []), kms_key_id=None,
        client_request_token=None, replica_regions=[], force_overwrite=False)
    arn = (json.loads(answer) if isinstance(answer, str) else answer)["ARN"]
    return arn, {"Id": arn}


def make_domain(_, properties, account, region):
    state, ec2 = backend("sagemaker", account, region), backend("ec2", account, region)
    state.create_domain(
        domain_name=properties["DomainName"], auth_mode=properties["AuthMode"],
        default_user_settings=properties["DefaultUserSettings"], subnet_ids=properties["SubnetIds"],
        vpc_id=properties["VpcId"], domain_settings=None, tags=None,
        app_network_access_type=properties.get("AppNetworkAccessType"), default_space_settings=None,
        home_efs_file_system_kms_key_id=None, kms_key_id=None, app_security_group_management=None)
    domain = next(d for d in state.domains.values() if d.domain_name == properties["DomainName"])
    domain.home_efs_file_system_id = make_home_folders(domain, account, region)
    # They name each other, so neither can be removed before its rules.
    groups = [
        ec2.create_security_group(
            f"security-group-for-{way}-nfs-{domain.id}", "made by SageMaker", domain.vpc_id)
        for way in ("inbound", "outbound")]
    ec2.authorize_security_group_ingress(
        groups[0].id, "tcp", "2049", "2049", [], source_groups=[{"GroupId": groups[1].id}])
    ec2.authorize_security_group_egress(
        groups[1].id, "tcp", "2049", "2049", [], source_groups=[{"GroupId": groups[0].id}])
    return domain.id, {
        "DomainId": domain.id, "DomainArn": domain.arn, "Url": "https://" + domain.url,
        "HomeEfsFileSystemId": domain.home_efs_file_system_id}


def make_home_folders(domain, account, region):
    efs = backend("efs", account, region)
    system = efs.create_file_system(
        creation_token=domain.id, performance_mode="generalPurpose", encrypted=True, kms_key_id=None,
        throughput_mode="bursting", provisioned_throughput_in_mibps=None, availability_zone_name=None,
        backup=False, tags=[{"Key": "ManagedByAmazonSageMakerResource", "Value": domain.arn}])
    for subnet in domain.subnet_ids:
        efs.create_mount_target(system.file_system_id, subnet)
    return system.file_system_id


def make_profile(_, properties, account, region):
    profile = dict(DomainId=properties["DomainId"], UserProfileName=properties["UserProfileName"])
    studio(account, region)["profiles"].append(profile)
    return properties["UserProfileName"], {}


def make_app(_, properties, account, region):
    app = {key: properties[key] for key in ("DomainId", "UserProfileName", "AppType", "AppName")}
    studio(account, region)["apps"].append({**app, "Status": "InService"})
    return app["AppName"], {}


MAKERS = {
    "AWS::SageMaker::App": make_app,
    "AWS::S3::BucketPolicy": make_bucket_policy, "AWS::SecretsManager::Secret": make_secret,
    "AWS::SageMaker::Domain": make_domain, "AWS::SageMaker::UserProfile": make_profile}

moto_class = parsing.resource_class_from_type


def resource_class(kind):
    return AddedResource if kind in MAKERS else moto_class(kind)


parsing.resource_class_from_type = resource_class


def finish_user(user, properties, account, region):
    """The policies that moto's own user of a stack leaves out."""
    for policy in properties.get("Policies", []):
        backend("iam", account, region).put_user_policy(
            user.name, policy["PolicyName"], json.dumps(policy["PolicyDocument"]))


def finish_role(role, properties, account, region):
    """The policies of AWS that moto's own role of a stack leaves out; what they allow is not known here."""
    day = "2026-01-01T00:00:00+00:00"
    for arn in properties.get("ManagedPolicyArns", []):
        role.managed_policies[arn] = AWSManagedPolicy.from_data(
            arn.split("/")[-1], account, region,
            {"DefaultVersionId": "v1", "Path": "/", "Document": {}, "CreateDate": day,
             "UpdateDate": day})


def finish_bucket(bucket, properties, account, region):
    """What moto's own bucket of a stack leaves out."""
    s3 = backend("s3", account, region)
    if "VersioningConfiguration" in properties:
        s3.put_bucket_versioning(bucket.name, properties["VersioningConfiguration"]["Status"])
    if "PublicAccessBlockConfiguration" in properties:
        s3.put_public_access_block(
            bucket.name,
            {k: str(v).lower() for k, v in properties["PublicAccessBlockConfiguration"].items()})


    rules = properties.get("CorsConfiguration", {}).get("CorsRules", [])
    if rules:
        s3.put_bucket_cors(bucket.name, [
            {"AllowedMethod": rule["AllowedMethods"], "AllowedOrigin": rule["AllowedOrigins"],
             "AllowedHeader": rule.get("AllowedHeaders", []),
             "ExposeHeader": rule.get("ExposedHeaders", []), "ID": rule.get("Id", "")}
            for rule in rules])


def permission(bucket, action, resource):
    """What the bucket's policy says; moto takes every condition for one that holds."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy)
    secure = str(flask.request.is_secure).lower()

    def holds(statement):
        wish = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport", secure)
        return wish == secure

    policy["Statement"] = [
        {key: value for key, value in statement.items() if key != "Condition"}
        for statement in policy["Statement"] if holds(statement)]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


FakeBucket.get_permission = permission


def identity(resource):
    """Its physical name; a rule of a security group has none in moto."""
    return getattr(resource, "physical_resource_id", "")


FINISHERS = {"AWS::S3::Bucket": finish_bucket, "AWS::IAM::User": finish_user,
             "AWS::IAM::Role": finish_role}


# ---- removing -------------------------------------------------------------------------------------


def remove(resource, kind, account, region):
    """Removes a resource of a stack; raises Refusal where AWS would refuse."""
    ec2, iam = backend("ec2", account, region), backend("iam", account, region)
    name = identity(resource)
    match kind:
        case "AWS::EC2::VPC":
            groups = ec2.describe_security_groups(filters={"vpc-id": [name]})
            if any(group.name != "default" for group in groups):
                raise Refusal(f"The vpc '{name}' has dependencies and cannot be deleted.")
            ec2.delete_vpc(name)
        case "AWS::EC2::Subnet":
            if any(card.subnet.id == name for card in ec2.enis.values()):
                raise Refusal(f"The subnet '{name}' has dependencies and cannot be deleted.")
            ec2.delete_subnet(name)
        case "AWS::EC2::InternetGateway":
            ec2.delete_internet_gateway(name)
        case "AWS::EC2::VPCGatewayAttachment":
            for gateway in ec2.describe_internet_gateways():
                if gateway.vpc and gateway.vpc.id == resource.vpc_id:
                    ec2.detach_internet_gateway(gateway.id, resource.vpc_id)
        case "AWS::EC2::RouteTable":
            ec2.delete_route_table(name)
        case "AWS::EC2::Route":
            ec2.delete_route(resource.route_table.id, resource.destination_cidr_block)
        case "AWS::EC2::SubnetRouteTableAssociation":
            for table in ec2.route_tables.values():
                for key, subnet in list(table._associations.items()):
                    if subnet == resource.subnet_id:
                        del table._associations[key]
        case "AWS::EC2::EIP":
            ec2.release_address(allocation_id=resource.allocation_id)
        case "AWS::EC2::NatGateway":
            ec2.delete_nat_gateway(name)
            ec2.enis.pop(resource._eni.id, None)
        case "AWS::EC2::VPCEndpoint":
            resource.route_table_ids = []
            ec2.delete_vpc_endpoints([resource.id])
            ec2.vpc_end_points.pop(resource.id, None)
        case "AWS::EC2::SecurityGroup":
            ec2.delete_security_group(group_id=name)
        case "AWS::EC2::SecurityGroupIngress":
            pass  # goes with the group
        case "AWS::S3::Bucket":
            if backend("s3", account, region).delete_bucket(name) is None:
                raise Refusal(f"The bucket you tried to delete is not empty: {name}")
        case "AWS::S3::BucketPolicy":
            backend("s3", account, region).delete_bucket_policy(name)
        case "AWS::IAM::AccessKey":
            iam.delete_access_key(resource.access_key_id, resource.user_name)
        case "AWS::IAM::User":
            for policy in list(iam.get_user(resource.name).policies):
                iam.delete_user_policy(resource.name, policy)
            iam.delete_user(resource.name)
        case "AWS::IAM::Role":
            for policy in list(resource.policies):
                iam.delete_role_policy(resource.name, policy)
            resource.managed_policies.clear()
            iam.delete_role(resource.name)
        case "AWS::IAM::Policy":
            pass  # goes with the role
        case "AWS::SageMaker::App":
            held = studio(account, region)
            who = resource.properties
            held["apps"] = [
                app for app in held["apps"]
                if any(app.get(key) != who[key] for key in ("UserProfileName", "AppType", "AppName"))]
        case "AWS::SecretsManager::Secret":
            backend("secretsmanager", account, region).delete_secret(name, None, True)
        case "AWS::SageMaker::Domain":
            held = studio(account, region)
            if any(one["DomainId"] == name for one in held["profiles"] + held["spaces"]):
                raise Refusal(f"Unable to delete Domain {name}: it has user profiles or spaces")
            backend("sagemaker", account, region).delete_domain(name, None)
        case "AWS::SageMaker::UserProfile":
            remove_profile(resource.properties["DomainId"], name, account, region)
        case _:
            raise Refusal(f"the mock removes no {kind}")


# ---- stacks ---------------------------------------------------------------------------------------

ROLLED_BACK = {"CREATE": "ROLLBACK", "UPDATE": "UPDATE_ROLLBACK"}


def say(stack, status, reason=None, name=None, physical="", kind="AWS::CloudFormation::Stack"):
    """Adds an event; one of the stack itself is its new status."""
    if name is None:
        name, physical, stack.status = stack.name, stack.stack_id, status
    stack.events.append(
        models.Event(stack.stack_id, stack.name, name, physical, kind, status, reason, None))


def wanted(name, template, resource_map):
    condition = template["Resources"][name].get("Condition")
    return condition is None or resource_map.lazy_condition_map[condition]


def choices(value):
    """The conditions on which a part of a template depends."""
    if isinstance(value, dict):
        if "Fn::If" in value:
            yield value["Fn::If"][0]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from choices(one)


def plain(value):
    """A parameter's value; moto makes a list of one that was given, and none of a default."""
    return ",".join(value) if isinstance(value, list) else value


def changes_of(stack, template, parameters):
    """What a template would change: names by action."""
    after = parsing.ResourceMap(
        stack.stack_id, stack.name, parameters, {}, stack.region_name, stack.account_id, template, {})
    after.load()
    now = stack.resource_map
    here = [name for name in now._resource_json_map if name in now._parsed_resources]
    keep = [name for name in template["Resources"] if wanted(name, template, after)]
    moved = {
        name for name, value in after.resolved_parameters.items()
        if plain(now.resolved_parameters.get(name)) != plain(value)}

    def differs(name):
        resource = template["Resources"][name]
        references = set(parsing.get_references_from_template(resource))
        turned = any(
            now.lazy_condition_map.get(one) != after.lazy_condition_map[one]
            for one in choices(resource))
        return resource != now._resource_json_map[name] or references & moved or turned

    return {
        "Add": [name for name in keep if name not in here],
        "Modify": [name for name in keep if name in here and differs(name)],
        "Remove": [name for name in here if name not in keep]}


def diff(change_set):
    stack, template = change_set.stack, change_set.template_dict
    found = changes_of(stack, template, change_set.parameters)
    old = stack.resource_map._resource_json_map
    return [
        models.Change(action, name, template["Resources"].get(name, old.get(name))["Type"])
        for action, names in found.items() for name in names]


make_resource = parsing.parse_and_create_resource


def make_and_tell(name, resource, resource_map, account_id, region_name):
    """moto makes a resource when something asks for it; that is where its events belong."""
    stack = resource_map.stack
    if not wanted(name, resource_map._template, resource_map):
        return None
    # Those that it refers to come first, so their events do, too.
    for other in parsing.get_references_from_template(resource):
        if other in resource_map._resource_json_map:
            resource_map[other]
    kind = resource["Type"]
    say(stack, "CREATE_IN_PROGRESS", name=name, kind=kind)
    time.sleep(DELAY)
    try:
        made = make_resource(name, resource, resource_map, account_id, region_name)
        if kind in FINISHERS:
            properties = parsing.clean_json(resource["Properties"], resource_map)
            FINISHERS[kind](made, properties, account_id, region_name)
    except Exception as error:
        say(stack, "CREATE_FAILED", str(getattr(error, "message", error)), name, kind=kind)
        raise
    stack.made.append((name, kind))
    say(stack, "CREATE_COMPLETE", None, name, identity(made), kind)
    return made


parsing.parse_and_create_resource = make_and_tell


def execute(self, change_set_name, stack_name=None):
    change_set = self.describe_change_set(change_set_name)
    if change_set.execution_status != "AVAILABLE":
        raise models.ValidationError(change_set_name, message="the change set cannot be executed")
    stack = self.stacks[change_set.stack_id]
    for key in [k for k, v in self.change_sets.items() if v.stack_id == stack.stack_id]:
        del self.change_sets[key]
    say(stack, f"{change_set.change_set_type}_IN_PROGRESS", "User Initiated")
    threading.Thread(target=apply, args=(stack, change_set), daemon=True).start()


def apply(stack, change_set):
    resources, template, operation = (
        stack.resource_map, change_set.template_dict, change_set.change_set_type)
    found = changes_of(stack, template, change_set.parameters)
    old = dict(resources._resource_json_map)
    resources.stack = stack
    stack.template, stack.parameters = change_set.template, change_set.parameters
    stack.template_dict = resources._template = template
    resources.input_parameters = change_set.parameters
    resources.load_mapping()
    resources.load_parameters()
    resources.load_conditions()
    resources._resource_json_map = template["Resources"]
    began = len(stack.made)
    try:
        order = resources._ResourceMap__get_resources_in_dependency_order()
        for name in [name for name in order if name in found["Add"]]:
            resources[name]
        for name in found["Modify"]:
            kind = template["Resources"][name]["Type"]
            say(stack, "UPDATE_IN_PROGRESS", name=name, kind=kind)
            time.sleep(DELAY)
            changed = parsing.parse_and_update_resource(
                name, template["Resources"][name], resources, stack.account_id, stack.region_name)
            if changed is not None:
                resources._parsed_resources[name] = changed
            say(stack, "UPDATE_COMPLETE", None, name, kind=kind)
        resources._resource_json_map = {**old, **template["Resources"]}
        take_down(stack, [one for one in reversed(stack.made) if one[0] in found["Remove"]])
        resources._resource_json_map = template["Resources"]
    except Exception as error:
        say(stack, f"{ROLLED_BACK[operation]}_IN_PROGRESS", "The following resource(s) failed")
        resources._resource_json_map = {**old, **template["Resources"]}
        try:
            take_down(stack, list(reversed(stack.made[began:])))
            say(stack, f"{ROLLED_BACK[operation]}_COMPLETE")
        except Exception:
            say(stack, f"{ROLLED_BACK[operation]}_FAILED", str(error))
        return
    stack.output_map = stack._create_output_map()
    say(stack, f"{operation}_COMPLETE")


def take_down(stack, names):
    """Removes resources in this order."""
    resources = stack.resource_map
    for name, kind in names:
        resource = resources._parsed_resources[name]
        physical = identity(resource)
        say(stack, "DELETE_IN_PROGRESS", None, name, physical, kind)
        time.sleep(DELAY)
        try:
            remove(resource, kind, stack.account_id, stack.region_name)
        except Exception as error:
            reason = str(getattr(error, "message", error))
            say(stack, "DELETE_FAILED", reason, name, physical, kind)
            raise
        del resources._parsed_resources[name]
        stack.made.remove((name, kind))
        say(stack, "DELETE_COMPLETE", None, name, physical, kind)


def delete_stack(self, name_or_stack_id):
    found = [
        stack for stack in self.stacks.values() if name_or_stack_id in (stack.name, stack.stack_id)]
    for stack in found:
        say(stack, "DELETE_IN_PROGRESS", "User Initiated")
        threading.Thread(target=unmake, args=(self, stack), daemon=True).start()


def unmake(self, stack):
    try:
        take_down(stack, list(reversed(stack.made)))
    except Exception:
        say(stack, "DELETE_FAILED", "The following resource(s) failed to delete.")
        return
    say(stack, "DELETE_COMPLETE")
    self.deleted_stacks[stack.stack_id] = self.stacks.pop(stack.stack_id)


create_change_set = models.CloudFormationBackend.create_change_set


def create_in_review(self, stack_name, change_set_name, template, parameters, description,
                     change_set_type, **more):
    """A stack that was never executed takes another change set that creates it."""
    review = [
        stack for stack in self.stacks.values()
        if stack.name == stack_name and change_set_type == "CREATE"]
    if any(stack.status != "REVIEW_IN_PROGRESS" for stack in review):
        raise models.ValidationError(stack_name, message=f"Stack {stack_name} already exists")
    identity, _ = create_change_set(
        self, stack_name, change_set_name, template, parameters, description,
        "UPDATE" if review else change_set_type, **more)
    change_set = self.change_sets[identity]
    change_set.change_set_type = change_set_type
    stack = change_set.stack
    outputs = change_set.template_dict.get("Outputs")
    if change_set_type == "UPDATE" and not change_set.changes and (
            stack.template_dict.get("Outputs") == outputs):
        change_set.status, change_set.execution_status = "FAILED", "UNAVAILABLE"
        change_set.status_reason = (
            "The submitted information didn't contain changes. "
            "Submit different information to create a change set.")
    else:
        change_set.status, change_set.execution_status = "CREATE_COMPLETE", "AVAILABLE"
    return identity, stack.stack_id


def list_change_sets(self):
    name = self._get_param("StackName")
    return ActionResult({"Summaries": [
        one for one in self.cloudformation_backend.list_change_sets()
        if name in (one.stack_name, one.stack_id)]})


def outputs_when_done(stack):
    done = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    if done or stack.status in ("DELETE_FAILED", "DELETE_IN_PROGRESS"):
        return moto_outputs.fget(stack) if done else getattr(stack, "last_outputs", None)
    return None


def remember_outputs(stack):
    stack.last_outputs = found = outputs_when_done(stack)
    return found


moto_outputs = models.Stack.outputs
models.Stack.made = property(lambda self: self.__dict__.setdefault("_made", []))
models.Stack.outputs = property(remember_outputs)
models.Stack.stack_resources = property(lambda self: [
    self.resource_map._parsed_resources[name] for name, _ in self.made])
models.ChangeSet.diff = diff
models.CloudFormationBackend.create_change_set = create_in_review
models.CloudFormationBackend.execute_change_set = execute
models.CloudFormationBackend.delete_stack = delete_stack
CloudFormationResponse.list_change_sets = list_change_sets
CloudFormationResponse._validate_different_update = lambda *_: None


# ---- SageMaker Studio -----------------------------------------------------------------------------

STUDIO = {}


def studio(account, region):
    """Profiles, spaces and apps of the domains of a region."""
    return STUDIO.setdefault((account, region), {"profiles": [], "spaces": [], "apps": []})


def owner(one):
    return {k: one[k] for k in ("DomainId", "UserProfileName", "SpaceName") if k in one}


def remove_profile(domain, name, account, region):
    held = studio(account, region)
    who = {"DomainId": domain, "UserProfileName": name}
    if any(owner(app) == who and app["Status"] != "Deleted" for app in held["apps"]):
        raise Refusal(f"Unable to delete UserProfile {name}: it has apps")
    held["profiles"] = [one for one in held["profiles"] if one != who]


def operation(act):
    """Makes a function of (the region's state, the call's parameters) an operation of SageMaker."""
    def respond(self):
        parameters = json.loads(self.body or "{}")
        answer = act(studio(self.current_account, self.region), parameters)
        return EmptyResult() if answer is None else ActionResult(answer)
    setattr(SageMakerResponse, act.__name__, respond)


def of_domain(entries, parameters):
    domain = parameters.get("DomainIdEquals")
    return [one for one in entries if domain in (None, one["DomainId"])]


@operation
def list_apps(held, parameters):
    apps = of_domain(held["apps"], parameters)
    shown = {"Apps": [dict(app) for app in apps]}
    for app in apps:  # one that is being removed is gone the next time
        if app["Status"] == "Deleting":
            app["Status"] = "Deleted"
    return shown


@operation
def create_app(held, parameters):
    held["apps"].append({**owner(parameters), "AppType": parameters["AppType"],
                         "AppName": parameters["AppName"], "Status": "InService"})
    return {"AppArn": "arn:aws:sagemaker:::app/" + uuid.uuid4().hex}


@operation
def delete_app(held, parameters):
    for app in held["apps"]:
        if all(app.get(key) == value for key, value in parameters.items()):
            app["Status"] = "Deleting"


@operation
def list_spaces(held, parameters):
    return {"Spaces": of_domain(held["spaces"], parameters)}


@operation
def create_space(held, parameters):
    held["spaces"].append({**owner(parameters), "Status": "InService"})
    return {"SpaceArn": "arn:aws:sagemaker:::space/" + uuid.uuid4().hex}


@operation
def delete_space(held, parameters):
    held["spaces"] = [one for one in held["spaces"] if owner(one) != owner(parameters)]


@operation
def list_user_profiles(held, parameters):
    return {"UserProfiles": [
        {**one, "Status": "InService"} for one in of_domain(held["profiles"], parameters)]}


@operation
def create_user_profile(held, parameters):
    held["profiles"].append(owner(parameters))
    return {"UserProfileArn": "arn:aws:sagemaker:::user-profile/" + uuid.uuid4().hex}


@operation
def delete_user_profile(held, parameters):
    held["profiles"] = [one for one in held["profiles"] if one != owner(parameters)]


if __name__ == "__main__":
    moto.server.main()
