// The catalogue: the bucket of its templates, a portfolio, products, and the role that launches them.
import Content
import TemplateParts

/// A product of the catalogue.
package struct CatalogueProduct: Sendable, Hashable {
  /// Letters, for names in the template.
  package var id: String
  package var name: String
  package var description: String
  /// Where its template is: an https URL.
  package var template: String
  package var version: String
  /// Whether Studio shows it.
  package var isInStudio: Bool

  package init(
    id: String, name: String, description: String, template: String, version: String = "v1.0",
    isInStudio: Bool = true
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.template = template
    self.version = version
    self.isInStudio = isInStudio
  }
}

/// The templates of a catalogue.
package enum CatalogueTemplates {
  /// The bucket of a set's templates.
  package static func bucket(set: String, account: String) -> String {
    "sc-assets-\(set.lowercased())-\(account)"
  }

  /// The role that launches products.
  ///
  /// The deployment of a project without Service Catalog uses it, too.
  package static func launchRole(prefix: String, region: String) -> String {
    "\(prefix)-launch-\(region)"
  }

  /// A bucket for templates, and the role that makes what they describe.
  package static func assets(
    set: String, prefix: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("Templates of products, and who launches them", tags: tags)
    template.addBucket("Assets", named: Fn.sub(bucket(set: set, account: "${AWS::AccountId}")))
    template.addRole(
      "LaunchRole", named: Fn.sub(launchRole(prefix: prefix, region: "${AWS::Region}")),
      path: "/service-role/",
      trust: Policy.services(["servicecatalog", "sagemaker", "cloudformation"]),
      managed: [Policy.managed("AdministratorAccess")],
      // Wide, as in the framework; but for what would widen itself or others.
      policies: [
        (
          "bounds",
          [
            Policy.deny(
              [
                "iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile",
                "organizations:*", "account:*",
              ], on: ["*"])
          ]
        )
      ])
    template.output("AssetsBucketName", Fn.ref("Assets"))
    template.output("LaunchRoleArn", Fn.get("LaunchRole", "Arn"))
    return template
  }

  /// A portfolio with products, open to a role.
  package static func portfolio(
    _ products: [CatalogueProduct], prefix: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("Products for projects, users and ingestion", tags: tags)
    template.parameter(
      "ExecutionRoleArn", "the parameter of the role that may use the portfolio",
      type: "AWS::SSM::Parameter::Value<String>",
      default: StudioTemplate.roleParameter(prefix, "lead"))
    template.parameter(
      "LaunchRoleArn", "role that makes what products describe",
      ["AllowedPattern": "^arn:[a-z-]+:iam::[0-9]{12}:role/[a-zA-Z0-9+=,.@_/-]+$"])
    template.add(
      "Portfolio", "AWS::ServiceCatalog::Portfolio",
      [
        "DisplayName": "SM Projects Portfolio", "ProviderName": "ML Admin Team",
        "Description": "Projects, users and ingestion for Studio",
      ])
    template.add(
      "Principal", "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
      [
        "PortfolioId": Fn.ref("Portfolio"), "PrincipalARN": Fn.ref("ExecutionRoleArn"),
        "PrincipalType": "IAM",
      ])
    for product in products {
      template.add(
        "\(product.id)Product", "AWS::ServiceCatalog::CloudFormationProduct",
        [
          "Name": .string(product.name), "Owner": "Global ML Team",
          "Description": .string(product.description),
          "ProvisioningArtifactParameters": [
            [
              "Name": .string(product.version), "Description": .string(product.description),
              "Info": ["LoadTemplateFromURL": .string(product.template)],
            ]
          ],
        ], tagged: product.isInStudio ? ["sagemaker:studio-visibility": "true"] : [:])
      template.add(
        "\(product.id)Association", "AWS::ServiceCatalog::PortfolioProductAssociation",
        ["PortfolioId": Fn.ref("Portfolio"), "ProductId": Fn.ref("\(product.id)Product")])
      template.add(
        "\(product.id)Launch", "AWS::ServiceCatalog::LaunchRoleConstraint",
        [
          "PortfolioId": Fn.ref("Portfolio"), "ProductId": Fn.ref("\(product.id)Product"),
          "RoleArn": Fn.ref("LaunchRoleArn"),
        ], ["DependsOn": .string("\(product.id)Association")])
      template.output("\(product.id)ProductId", Fn.ref("\(product.id)Product"))
      template.output(
        "\(product.id)ArtifactId", Fn.get("\(product.id)Product", "ProvisioningArtifactIds"))
    }
    template.output("PortfolioId", Fn.ref("Portfolio"))
    return template
  }
}
