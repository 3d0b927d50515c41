// What others can write of models: events, attestations, keys.
import Content
import EventLogs
import Foundation
import Models
import Promotion
import Provenance

extension ReaderFuzzTests {
  private static let digest = "sha256:" + String(repeating: "ab", count: 32)

  private static func event(_ members: [String: JSONValue]) -> [UInt8] {
    let event = JSONValue.object(members)
    guard let digest = try? EventChain.digest(of: event) else { return [] }
    let record: JSONValue = ["v": 1, "digest": .string("\(digest)"), "event": event]
    return (try? record.canonicalBytes()) ?? []
  }

  private static let entry: JSONValue = [
    "model": ["digest": .string(digest), "kind": "file", "mediaType": "x/y", "size": 3],
    "workshop": "w", "step": "s", "output": "o", "key": .string(digest),
    "run": "20261121T114854.123-7f3a9c0d41e2", "madeAt": "2026-11-21T11:48:54.123Z", "seconds": 1,
    "platform": "p", "labels": ["a": "b"], "figures": ["s.o": ["auc": 0.5]],
    "figureKeys": ["s.o": .string(digest)],
    "steps": [
      ["name": "s", "key": .string(digest), "kind": "k", "code": .string(digest), "programs": [:]]
    ], "sources": [["name": "d", "digest": .string(digest), "size": 1]], "settings": [:],
  ]

  /// Half of the mutations keep the record's own digest right, so that its event is read.
  static let modelEvent = Reader(
    name: "event about a model",
    bytes: [
      event([
        "event": "approved", "model": .string(digest), "at": "2026-11-21T11:48:54.123Z",
        "who": ["name": "ada", "evidence": "git"], "after": [.string(digest)], "id": "1",
        "reason": "good",
      ]),
      event([
        "event": "registered", "model": .string(digest), "at": "2026-11-21T11:48:54.123Z",
        "who": ["name": "ada", "evidence": "aws"], "after": [], "id": "1", "entry": entry,
      ]),
      event([
        "event": "promoted", "model": .string(digest), "at": "2026-11-21T11:48:54.123Z",
        "who": ["name": "ada", "evidence": "aws"], "project": "p", "tier": "prod", "from": "f",
        "findings": [], "id": "1", "entry": entry,
      ]),
    ]
  ) { bytes in
    let isRecord = EventChain.parse(bytes, number: 1) != nil
    guard let event = (try? JSONValue(parsing: bytes))?["event"] else { return isRecord }
    guard let read = ModelEvent(json: event) else {
      return isRecord || PromotionRecord(json: event) != nil
    }
    let history = ModelHistory(model: read.model, events: [(try Digest.of("x"), read)])
    _ = (history.status, history.heads, history.decisions)
    return true
  }

  static let attestation = Reader(
    name: "attestation",
    corpus: [
      #"{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"YWJj"}]}"#,
      #"{"payload":"eyJhIjoxfQ","payloadType":"x","signatures":[{"keyid":"a","sig":"-_"}]}"#,
    ]
  ) { bytes in
    guard let envelope = try? Envelope(parsing: bytes) else { return false }
    let policy = AttestationPolicy(keys: [], now: Timestamp(milliseconds: 0))
    do {
      _ = try policy.check(envelope)
    } catch is Refusal {
      return true
    }
    throw Accepted()
  }

  /// Without a key nothing may be accepted.
  private struct Accepted: Error {}

  static let signingKey = Reader(
    name: "key",
    corpus: [
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
      -----END PRIVATE KEY-----
      """
    ]
  ) { bytes in
    _ = try? KeyText.verifyingKey(bytes, name: "k")
    return (try? KeyText.signingKey(bytes, name: "k")) != nil
  }
}
