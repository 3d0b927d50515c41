// `atelier ui`: a page of the store in the browser.
import Browsing
import CommandLine
import MicroHTTP
import Project
import Terminal

package struct UIVerb: Verb {
  package let name = "ui"
  package let summary = "a page of runs, graphs, logs and artifacts in the browser"
  package let details = """
    Prints a URL and serves the page until Ctrl-C. The page shows the runs of the local store with the
    settings and numbers in which they differ, compares two of them, and follows a run that is active.
    It only reads. The URL's token is the key: whoever has it can read the store. The page makes no
    request to other servers.

    --listen with an address that other machines can reach needs --allow-remote; what is sent is not
    encrypted. For a machine that you reach by SSH, forward the port instead: ssh -L 8090:127.0.0.1:8090.
    """
  package let examples = [
    Example("atelier ui", "the page of the store, on any free port"),
    Example("atelier ui --port 8090", "always at the same port"),
  ]
  let port = Option("port", in: 0...65535, "0: any that is free (default 0)")
  let listen = Option("listen", value: "ADDRESS", "listen here (default 127.0.0.1)")
  let allowRemote = Flag("allow-remote", "accept an address that other machines can reach")

  package var parameters: [any Parameter] { [port, listen, allowRemote] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let address = call[listen] ?? "127.0.0.1"
    let isRemote = !Access.isLoopback(address)
    guard !isRemote || call[allowRemote] else {
      throw UsageError(
        "--listen \(address) lets other machines reach the page, unencrypted; add --allow-remote if "
          + "they may, or leave it out and forward the port by SSH")
    }
    let browsed = try BrowsedStore(call, context)
    let index = RunIndex(browsed)
    let watch = StoreWatch(browsed, index)
    let pages = PageServer(browsed: browsed, index: index, watch: watch, files: try PageFile.all())
    return try Signals.guarding { signals in
      let door = Door()
      let server = try WebServer(
        .init(
          host: address, port: UInt16(call[port] ?? 0), arguments: PageServer.argumentNames,
          fields: Access.fieldNames)
      ) { request in pages.answer(request, door.access) }
      door.open(
        Access(listening: address, port: server.port, names: isRemote ? [HostName.own] : []))
      defer { server.stop() }
      try watch.start()
      defer { watch.end() }
      context.output.message(
        "atelier: showing the store \(browsed.store.layout.root), read-only; Ctrl-C ends it")
      try context.output.data(door.access.url + "\n")
      while !signals.token.isCancelled { signals.token.wait(seconds: 1) }
      return signals.code
    }
  }
}
