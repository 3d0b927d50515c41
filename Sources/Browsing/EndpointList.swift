// The endpoints of a store, and who serves them now.
import Content
import LocalStores
import Serve

/// Values for the page of endpoints.
package enum EndpointList {
  package static func json(_ store: LocalStore) throws -> JSONValue {
    let folder = EndpointFolder(store.layout.base + "/endpoints")
    return .array(
      try folder.endpoints().map { name in
        var fields: [String: JSONValue] = ["name": .string(name)]
        do {
          let document = try folder.document(name)
          fields["model"] = (document?.model.description).map(JSONValue.string)
          fields["previous"] = (document?.previous?.description).map(JSONValue.string)
          fields["source"] = (document?.source).map(JSONValue.string)
          fields["objective"] = (document?.objective).map(JSONValue.string)
          fields["features"] = document.map { .integer(Int64($0.features)) }
          fields["updatedAt"] = (document?.updatedAt).map(JSONValue.string)
        } catch let failure as EndpointFailure {
          fields["problem"] = .string(failure.description)
        }
        if folder.isServed(name), let note = folder.note(of: name) {
          fields["url"] = .string(note.url)
          fields["served"] = .string(note.model.description)
          fields["reason"] = note.reason.map(JSONValue.string)
        }
        return .object(fields)
      })
  }
}
