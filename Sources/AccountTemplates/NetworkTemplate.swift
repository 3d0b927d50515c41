// The network of an account: three zones, one NAT gateway, endpoints, and the parameters that name it.
import Content
import TemplateParts

/// The template of a network.
package enum NetworkTemplate {
  /// The parameters of Systems Manager by which later stacks find the network.
  package static let (network, subnets, group) = (
    "/vpc/id", "/vpc/subnets/private/ids", "/vpc/sg/id"
  )

  /// Endpoints of every account, by the service's part of their names.
  private static let everywhere = ["kms", "ecr.api", "ecr.dkr"]
  /// Endpoints where Studio is, too.
  private static let studio = [
    "sagemaker.api", "sagemaker.runtime", "notebook", "codecommit", "git-codecommit", "ssm",
    "monitoring", "logs", "sts",
  ]
  private static let codeArtifact = ["codeartifact.api", "codeartifact.repositories"]

  /// A network of 10.0.0.0/16.
  ///
  /// - Parameters:
  ///   - hasStudio: whether people work in it.
  ///   - hasCodeArtifact: whether the region has CodeArtifact.
  package static func template(
    hasStudio: Bool, hasCodeArtifact: Bool, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("A network in three zones", tags: tags)
    template.add(
      "Network", "AWS::EC2::VPC",
      ["CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": true, "EnableDnsSupport": true])
    template.add("InternetGateway", "AWS::EC2::InternetGateway", [:])
    template.add(
      "GatewayAttachment", "AWS::EC2::VPCGatewayAttachment",
      ["VpcId": Fn.ref("Network"), "InternetGatewayId": Fn.ref("InternetGateway")])
    template.add("PublicRoutes", "AWS::EC2::RouteTable", ["VpcId": Fn.ref("Network")])
    template.add(
      "PublicDefault", "AWS::EC2::Route",
      [
        "RouteTableId": Fn.ref("PublicRoutes"), "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": Fn.ref("InternetGateway"),
      ], ["DependsOn": "GatewayAttachment"])
    template.add("PrivateRoutes", "AWS::EC2::RouteTable", ["VpcId": Fn.ref("Network")])
    for zone in 0..<3 {
      subnet("Private", zone, "10.0.\(zone).0/24", &template)
      subnet("Public", zone, "10.0.8.\(zone * 64)/26", &template)
    }
    template.add(
      "Address", "AWS::EC2::EIP", ["Domain": "vpc"], ["DependsOn": "GatewayAttachment"])
    template.add(
      "Gateway", "AWS::EC2::NatGateway",
      ["AllocationId": Fn.get("Address", "AllocationId"), "SubnetId": Fn.ref("PublicSubnet1")])
    template.add(
      "PrivateDefault", "AWS::EC2::Route",
      [
        "RouteTableId": Fn.ref("PrivateRoutes"), "DestinationCidrBlock": "0.0.0.0/0",
        "NatGatewayId": Fn.ref("Gateway"),
      ])
    template.add(
      "Group", "AWS::EC2::SecurityGroup",
      ["GroupDescription": "Work in the network", "VpcId": Fn.ref("Network")])
    template.add(
      "GroupItself", "AWS::EC2::SecurityGroupIngress",
      [
        "GroupId": Fn.get("Group", "GroupId"), "IpProtocol": "-1",
        "SourceSecurityGroupId": Fn.get("Group", "GroupId"),
      ])
    endpoints(
      everywhere + (hasStudio ? studio + (hasCodeArtifact ? codeArtifact : []) : []), &template)
    publish(&template)
    return template
  }

  private static var privateSubnets: [JSONValue] { (1...3).map { Fn.ref("PrivateSubnet\($0)") } }

  private static func subnet(
    _ kind: String, _ zone: Int, _ block: String, _ template: inout TemplateDocument
  ) {
    let name = "\(kind)Subnet\(zone + 1)"
    template.add(
      name, "AWS::EC2::Subnet",
      [
        "VpcId": Fn.ref("Network"), "CidrBlock": .string(block),
        "AvailabilityZone": Fn.zone(zone), "MapPublicIpOnLaunch": false,
      ])
    template.add(
      "\(name)Routes", "AWS::EC2::SubnetRouteTableAssociation",
      ["SubnetId": Fn.ref(name), "RouteTableId": Fn.ref("\(kind)Routes")])
  }

  private static func endpoints(_ services: [String], _ template: inout TemplateDocument) {
    template.add(
      "EndpointGroup", "AWS::EC2::SecurityGroup",
      [
        "GroupDescription": "HTTPS to endpoints", "VpcId": Fn.ref("Network"),
        "SecurityGroupIngress": [
          ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"]
        ],
      ])
    template.add(
      "ObjectsEndpoint", "AWS::EC2::VPCEndpoint",
      [
        "VpcId": Fn.ref("Network"), "VpcEndpointType": "Gateway",
        "ServiceName": Fn.sub("com.amazonaws.${AWS::Region}.s3"),
        "RouteTableIds": [Fn.ref("PrivateRoutes")],
      ])
    for service in services {
      let words = service.split { $0 == "." || $0 == "-" }
      let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Endpoint"
      // Notebooks have names of their own kind.
      let full =
        service == "notebook"
        ? "aws.sagemaker.${AWS::Region}.notebook" : "com.amazonaws.${AWS::Region}.\(service)"
      template.add(
        name, "AWS::EC2::VPCEndpoint",
        [
          "VpcId": Fn.ref("Network"), "VpcEndpointType": "Interface",
          "ServiceName": Fn.sub(full), "PrivateDnsEnabled": true,
          "SubnetIds": .array(privateSubnets),
          "SecurityGroupIds": [Fn.get("EndpointGroup", "GroupId")],
        ])
    }
  }

  private static func publish(_ template: inout TemplateDocument) {
    template.publish("NetworkParameter", at: .string(network), Fn.ref("Network"))
    template.add(
      "SubnetsParameter", "AWS::SSM::Parameter",
      [
        "Name": .string(subnets), "Type": "StringList",
        "Value": Fn.join(",", privateSubnets),
      ])
    template.publish("GroupParameter", at: .string(group), Fn.get("Group", "GroupId"))
    template.output("NetworkId", Fn.ref("Network"))
    template.output("PrivateSubnetIds", Fn.join(",", privateSubnets))
    template.output("GroupId", Fn.get("Group", "GroupId"))
  }
}
