// The variables of the user's surroundings that steps may get. It reads none.

enum PassedVariables {
  /// Variables that may reach a worker: they choose a route or a processor feature, never bytes.
  static let names: Set<String> = [
    "GLIBC_TUNABLES", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
    "NO_PROXY", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
    // Which index uv asks, and as whom.
    "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
    "UV_INDEX_STRATEGY", "UV_NATIVE_TLS", "UV_HTTP_RETRIES",
  ]
}
