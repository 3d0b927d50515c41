// Opens libpq at run time: connections and queries that never block.
// The declarations are our own: no header of libpq is needed to build, nothing is linked.
#pragma once
#include <stddef.h>

/// The opened library: a table of its functions.
typedef struct cq_library cq_library;
/// A connection (`PGconn`), a result (`PGresult`) and what cancels a query (`PGcancel`).
typedef struct cq_connection cq_connection;
typedef struct cq_result cq_result;

/// Opens the library; NULL on failure, with a text in `why` that ends in a zero byte. Call it once:
/// the library stays open for the life of the process, for its TLS library may have registered exit
/// handlers.
cq_library *_Nullable cq_open(const char *_Nonnull name, char *_Nonnull why, size_t size);
/// Such as 150018 for 15.18.
int cq_version(const cq_library *_Nonnull library);

/// Begins a connection; both lists end in NULL. Notices of the server are dropped.
cq_connection *_Nullable cq_start(
    const cq_library *_Nonnull library, const char *_Nullable const *_Nonnull names,
    const char *_Nullable const *_Nonnull values);

/// What a connection needs next.
enum { CQ_FAILED = 0, CQ_READ = 1, CQ_WRITE = 2, CQ_DONE = 3 };
/// Goes on connecting.
int cq_connect(const cq_library *_Nonnull library, cq_connection *_Nonnull connection);
/// Waits until the socket is ready or the time is over; what is ready, 0 for nothing, -1 on failure.
int cq_wait(
    const cq_library *_Nonnull library, cq_connection *_Nonnull connection, int wanted,
    int milliseconds);
/// Whether the connection is encrypted.
int cq_is_encrypted(const cq_library *_Nonnull library, cq_connection *_Nonnull connection);
const char *_Nonnull cq_message(
    const cq_library *_Nonnull library, cq_connection *_Nonnull connection);
void cq_finish(const cq_library *_Nonnull library, cq_connection *_Nonnull connection);

/// Sends statements and asks for their rows one at a time; 0 on failure.
int cq_send(
    const cq_library *_Nonnull library, cq_connection *_Nonnull connection,
    const char *_Nonnull text);
/// Sends what is left to send and takes what has arrived; CQ_FAILED, CQ_WRITE when more is to be sent,
/// CQ_READ when the next result is not there yet, CQ_DONE when `cq_next` answers without waiting.
int cq_poll(const cq_library *_Nonnull library, cq_connection *_Nonnull connection);
/// The next result; NULL after the last.
cq_result *_Nullable cq_next(
    const cq_library *_Nonnull library, cq_connection *_Nonnull connection);

/// What a result is.
enum { CQ_OTHER = 0, CQ_ROW = 1, CQ_END_OF_ROWS = 2, CQ_COMMAND = 3, CQ_ERROR = 4 };
int cq_kind(const cq_library *_Nonnull library, const cq_result *_Nonnull result);
/// The five characters of the SQLSTATE; NULL where the server gave none.
const char *_Nullable cq_state(
    const cq_library *_Nonnull library, const cq_result *_Nonnull result);
/// The primary message of an error; NULL where there is none.
const char *_Nullable cq_text(
    const cq_library *_Nonnull library, const cq_result *_Nonnull result);
int cq_columns(const cq_library *_Nonnull library, const cq_result *_Nonnull result);
const char *_Nullable cq_name(
    const cq_library *_Nonnull library, const cq_result *_Nonnull result, int column);
/// The bytes of a value of the first row, their count in `count`; NULL for a null.
const char *_Nullable cq_value(
    const cq_library *_Nonnull library, const cq_result *_Nonnull result, int column,
    int *_Nonnull count);
void cq_clear(const cq_library *_Nonnull library, cq_result *_Nonnull result);

/// Asks the server to end the query that runs, over a connection of its own; 0 on failure, with a text
/// in `why`. It blocks for as long as that connection takes.
int cq_cancel(
    const cq_library *_Nonnull library, cq_connection *_Nonnull connection, char *_Nonnull why,
    int size);
