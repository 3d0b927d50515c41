// Opens libmicrohttpd at run time and runs an HTTP server with it.
// The declarations are our own: no header of libmicrohttpd is needed to build, nothing is linked.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The opened library: a table of its functions.
typedef struct cm_library cm_library;
/// A server with threads of its own.
typedef struct cm_server cm_server;
/// A connection of a server; valid in the callbacks only.
typedef struct cm_connection cm_connection;

/// Opens the library; NULL on failure, with a text in `why` that ends in a zero byte. It stays open
/// for the life of the process.
cm_library *_Nullable cm_open(const char *_Nonnull name, char *_Nonnull why, size_t size);
/// Such as `0.9.75`.
const char *_Nonnull cm_version(const cm_library *_Nonnull library);

/// How a server listens and whom it asks. All callbacks come on the server's own threads, those of
/// one connection on one thread.
typedef struct {
  const char *_Nonnull host;
  uint16_t port;  // 0: any that is free
  unsigned threads;  // 0: one for each connection, whose callbacks may wait
  unsigned connections, connections_per_address;
  unsigned idle_seconds;     // a silent connection is closed
  size_t connection_memory;  // bytes for the head of a request and the part of its body in transit

  void *_Nullable context;  // given to the callbacks

  /// A connection was made, or (`is_open` 0) is about to be closed. Its descriptor is valid.
  void (*_Nonnull connected)(void *_Nullable context, int descriptor, int is_open);
  /// A request, called once with its head, then with each piece of its body, then once more.
  ///
  /// `*state` is NULL at the first call. A piece is taken by setting `*count` to 0; when there is
  /// none at a later call the request is complete and wants `cm_answer`, which the first call may
  /// give already. An answer of 0 closes the connection.
  int (*_Nonnull request)(
      void *_Nullable context, cm_connection *_Nonnull connection, const char *_Nonnull path,
      const char *_Nonnull method, const char *_Nullable piece, size_t *_Nonnull count,
      void *_Nullable *_Nonnull state);
  /// The request is over, answered or not; called if `*state` was set.
  void (*_Nonnull completed)(
      void *_Nullable context, cm_connection *_Nonnull connection, void *_Nonnull state);
} cm_options;

/// Starts a server; NULL on failure with a text in `why`. The options' host need not live on.
cm_server *_Nullable cm_start(
    const cm_library *_Nonnull library, const cm_options *_Nonnull options, char *_Nonnull why,
    size_t size);
/// The port that it listens on.
uint16_t cm_port(const cm_server *_Nonnull server);
/// Takes no new connection from now on; those that are there or wait to be taken go on.
void cm_quiesce(cm_server *_Nonnull server);
/// Closes every connection, ends the threads and frees the server.
void cm_stop(cm_server *_Nonnull server);

/// The value of a field of the request's head, or NULL. Valid during the callback.
const char *_Nullable cm_field(
    const cm_library *_Nonnull library, cm_connection *_Nonnull connection,
    const char *_Nonnull name);
/// The value of an argument of the request's query, decoded, or NULL. Valid during the callback.
const char *_Nullable cm_argument(
    const cm_library *_Nonnull library, cm_connection *_Nonnull connection,
    const char *_Nonnull name);
/// The descriptor of a connection, or -1.
int cm_descriptor(const cm_library *_Nonnull library, cm_connection *_Nonnull connection);

/// Answers a request; the bytes are copied. `fields` are names and values in turn, NULL at the end.
/// 0 when the answer was not taken: then `request` answers 0, too.
int cm_answer(
    const cm_library *_Nonnull library, cm_connection *_Nonnull connection, unsigned status,
    const void *_Nullable body, size_t count,
    const char *_Nullable const *_Nonnull fields);

/// Fills a buffer with the next bytes of an answer and gives their count; 0: there are no more. It may wait.
typedef ssize_t (*cm_stream_next)(void *_Nullable context, char *_Nonnull buffer, size_t size);
/// The answer is over, sent or not; called once.
typedef void (*cm_stream_end)(void *_Nullable context);

/// Answers a request with bytes that come as time goes by, on a server with a thread for each connection.
/// 0 when the answer was not taken.
int cm_stream(
    const cm_library *_Nonnull library, cm_connection *_Nonnull connection, unsigned status,
    void *_Nullable context, cm_stream_next _Nonnull next, cm_stream_end _Nonnull end,
    const char *_Nullable const *_Nonnull fields);
