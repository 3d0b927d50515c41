// Parameters of Systems Manager, by which stacks publish what others look up.
import AWS
import Content

/// Reads published values.
package struct ParameterClient: Sendable {
  private let client: ServiceClient

  /// Works through a client of Systems Manager.
  package init(_ client: ServiceClient) { self.client = client }

  /// A value; nil for a parameter that does not exist.
  package func value(_ name: String) throws -> String? {
    do {
      let answer = try client.json("AmazonSSM.GetParameter", ["Name": .string(name)])
      return answer["Parameter"]?["Value"]?.string
    } catch let fault as ServiceFault where fault.code == "ParameterNotFound" {
      return nil
    }
  }
}
