// Puts the tenant's name into SQL, where a variable can't stand: in the name of a column.
import AtelierStep

/// The tenant's own column of an XDM table, `_<tenant>`.
public struct TenantColumn: Sendable {
  private let tenant: String

  /// Throws unless the tenant is one or more ASCII letters, digits and underscores.
  public init(_ tenant: String) throws {
    guard !tenant.isEmpty,
      tenant.utf8.allSatisfy({
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      })
    else {
      throw StepFailure(
        "the parameter 'tenant' is '\(tenant)': give letters, digits and underscores, "
          + "without the leading underscore of the column")
    }
    self.tenant = tenant
  }

  /// The user's id in events, as SQL.
  public var user: String { "\"_\(tenant)\".cmle_id" }

  /// The SQL with the tenant's name for each `<tenant>`.
  public func named(in sql: String) -> String { sql.replacing("<tenant>", with: tenant) }
}
