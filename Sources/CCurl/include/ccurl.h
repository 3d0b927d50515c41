// Opens libcurl at run time and performs one HTTP exchange at a time over a reusable handle.
// The declarations are our own: no header of libcurl is needed to build, nothing is linked.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The opened library: a table of its functions.
typedef struct cc_library cc_library;
/// An easy handle: it keeps connections alive between exchanges. One thread at a time.
typedef void *cc_handle;

/// Opens the library and initialises it; NULL on failure, with a text in `why` that ends in a zero
/// byte. Call it once: the library stays open for the life of the process, for its TLS library
/// may have registered exit handlers.
cc_library *_Nullable cc_open(const char *_Nonnull name, char *_Nonnull why, size_t size);
/// The library's own text of its version.
const char *_Nonnull cc_version(const cc_library *_Nonnull library);

cc_handle _Nullable cc_handle_new(const cc_library *_Nonnull library);
void cc_handle_free(const cc_library *_Nonnull library, cc_handle _Nonnull handle);

/// One exchange. Strings must live until `cc_perform` returns.
typedef struct {
  const char *_Nonnull method;
  const char *_Nonnull url;
  const char *_Nullable const *_Nonnull fields;  // "Name: value", NULL at the end
  const char *_Nullable ca_file;                 // NULL: the library's own certificates

  int has_body;
  const void *_Nullable body;  // NULL: the body is read from body_fd
  int body_fd;
  int64_t body_offset, body_size;

  /// Other than 0: on a new connection, since on one that turns out to be dead libcurl sends the
  /// request again by itself.
  int fresh_connection;
  long connect_timeout_ms;
  long stall_seconds, stall_bytes_per_second;  // slower than this for so long is a timeout

  void *_Nullable context;  // given to the three functions
  /// A header line of the answer, with its line end; a status line begins with "HTTP/". Anything but
  /// 0 ends the exchange.
  int (*_Nonnull header)(void *_Nullable context, const char *_Nonnull line, size_t count);
  /// Bytes of the answer's body; other than 0 ends the exchange.
  int (*_Nonnull receive)(void *_Nullable context, const char *_Nonnull bytes, size_t count);
  /// Asked several times a second; other than 0 ends the exchange.
  int (*_Nonnull cancelled)(void *_Nullable context);
} cc_request;

typedef struct {
  int code;         // CURLE_..., 0: the exchange took place
  int connections;  // how many connections were opened for it
  int body_error;   // errno of a failed read of the body; -1: the file was too short
  char text[256];   // libcurl's own words, may be empty
} cc_result;

void cc_perform(
    const cc_library *_Nonnull library, cc_handle _Nonnull handle,
    const cc_request *_Nonnull request, cc_result *_Nonnull result);
