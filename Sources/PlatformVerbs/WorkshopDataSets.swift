// The data sets that a workshop of the notebooks' kind keeps: events, profiles, scores.
import SchemaRegistry

/// The data sets of the propensity notebooks, under names of a workshop.
enum WorkshopDataSets {
  static func all(workshop: String, tenant: String) -> [DataSetDefinition] {
    [events(workshop, tenant), profiles(workshop), scores(workshop, tenant)]
  }

  private static func events(_ workshop: String, _ tenant: String) -> DataSetDefinition {
    DataSetDefinition(
      role: "events", name: "Atelier \(workshop) events",
      schema: SchemaDefinition(
        title: "Atelier \(workshop) events", summary: "Events of users on the web and in e-mail",
        kind: .experienceEvent,
        standardGroups: [
          "https://ns.adobe.com/xdm/context/experienceevent-directmarketing",
          "https://ns.adobe.com/xdm/context/experienceevent-web",
        ],
        fields: [TenantField("cmle_id", "string")], identity: "/_\(tenant)/cmle_id"))
  }

  private static func profiles(_ workshop: String) -> DataSetDefinition {
    DataSetDefinition(
      role: "profiles", name: "Atelier \(workshop) profiles",
      schema: SchemaDefinition(
        title: "Atelier \(workshop) profiles", summary: "Who the users are", kind: .profile,
        standardGroups: [
          "https://ns.adobe.com/xdm/mixins/profile/profile-loyalty-details",
          "https://ns.adobe.com/xdm/context/profile-personal-details",
          "https://ns.adobe.com/xdm/context/profile-person-details",
          "https://ns.adobe.com/xdm/mixins/profile/profile-user-account-details",
        ], identity: "/personID"))
  }

  private static func scores(_ workshop: String, _ tenant: String) -> DataSetDefinition {
    DataSetDefinition(
      role: "scores", name: "Atelier \(workshop) scores",
      schema: SchemaDefinition(
        title: "Atelier \(workshop) scores", summary: "The model's prediction for each user",
        kind: .profile,
        fields: [TenantField("propensity", "number"), TenantField("cmle_id", "string")],
        identity: "/_\(tenant)/cmle_id"))
  }
}
