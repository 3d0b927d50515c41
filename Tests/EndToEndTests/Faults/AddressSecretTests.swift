// What is secret in the address of a download: it is in no file of the store and on no page, and
// another signature finds the same result.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct AddressSecretTests {
  private static let sales = """
    InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
    536365,85123A,x,6,12/1/2010 8:26,2.55,17850,UK

    """

  @Test("data D3: a signature is kept and shown nowhere") func aSignatureIsNowhere() throws {
    let space = try WorkshopSpace.retail()
    try space.folder.write(Self.sales, to: "sales.csv")
    let file = space.folder("sales.csv")
    let server = try FileServer.start(file)
    let digest = try Digest.of(file: file).digest.hex
    func settings(_ signature: String) -> [String: String] {
      [
        "Retail.data": "\(server.url)/signed/sales.csv?X-Amz-Date=1&X-Amz-signature=\(signature)",
        "Retail.sha256": digest,
      ]
    }
    let foretold = try space.atelier(
      ["run", "retail/prepare.table", "-n", "--json"], settings("s3cr3tsig"), expecting: 3)
    let first = try space.run(settings("s3cr3tsig"), target: "retail/prepare.table")
    #expect(first.built == ["prepare.download", "prepare.table"])
    let again = try space.run(settings("an0thersig"), target: "retail/prepare.table")
    #expect(again.built.isEmpty)

    let pages = try [
      ["why", "retail/prepare.download"], ["why", "retail/prepare.download", "--json"],
      ["config", "list", "-w", "retail"], ["config", "get", "Retail.data", "-w", "retail"],
      ["run", "retail/prepare.table", "-n", "--json"], ["log", "retail/prepare.download"],
      ["report", "latest", "-w", "retail", "-o", space.folder("report.html")],
    ].map { try space.atelier($0, settings("s3cr3tsig")) }
    for page in pages + [foretold] {
      #expect(!(page.out + page.err).contains("s3cr3tsig"))
    }
    // A run with a failed download keeps a log, too.
    let failed = try space.atelier(
      ["run", "retail/prepare.table"],
      settings("x").merging([
        "Retail.data": "\(server.url)/status/404/sales.csv?sig=s3cr3tsig",
        "Retail.retry_attempts": "0",
      ]) { $1 }, expecting: 1)
    #expect(
      failed.err.contains(
        "can't download \(server.url)/status/404/sales.csv: the server answered 404"))
    #expect(!failed.err.contains("s3cr3tsig"))
    for secret in ["s3cr3tsig", "an0thersig"] {
      let found = try Space.start(
        "/usr/bin/env", ["grep", "-rla", secret, space.store, space.folder("report.html")],
        environment: ["PATH": "/usr/bin:/bin"], folder: space.folder.path)
      #expect(found.code == 1, "\(found.out)")
    }
  }

  @Test("data D3, D12: an address that cannot be used is a mistake of the configuration")
  func anAddressThatCannotBeUsed() throws {
    let space = try WorkshopSpace.retail()
    for (data, words) in [
      ("http://joe:pa55word@127.0.0.1/a.csv", "must hold no user and no password"),
      ("ftp://127.0.0.1/a.csv", "'ftp://' is not supported"),
      ("~/a.csv", "begins with ~, which only a shell expands"),
    ] {
      let refused = try space.atelier(
        ["run", "retail/prepare.table"],
        ["Retail.data": data, "Retail.sha256": String(repeating: "0", count: 64)], expecting: 2)
      #expect(refused.err.contains("[Retail] data: ") && refused.err.contains(words))
      #expect(!refused.err.contains("pa55word"))
    }
  }
}
