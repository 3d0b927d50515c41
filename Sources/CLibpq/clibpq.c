// Finds the functions of libpq by name. The numbers are part of its stable ABI (so 5).
#define _GNU_SOURCE
#include "clibpq.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define FUNCTIONS(X)                                                                      \
  X(int, PQlibVersion, (void))                                                            \
  X(cq_connection *, PQconnectStartParams,                                                \
    (const char *const *, const char *const *, int))                                      \
  X(int, PQconnectPoll, (cq_connection *))                                                \
  X(int, PQsocket, (const cq_connection *))                                               \
  X(int, PQstatus, (const cq_connection *))                                               \
  X(int, PQsslInUse, (cq_connection *))                                                   \
  X(char *, PQerrorMessage, (const cq_connection *))                                      \
  X(void *, PQsetNoticeReceiver, (cq_connection *, void (*)(void *, const cq_result *), void *)) \
  X(void, PQfinish, (cq_connection *))                                                    \
  X(int, PQsetnonblocking, (cq_connection *, int))                                        \
  X(int, PQsendQuery, (cq_connection *, const char *))                                    \
  X(int, PQsetSingleRowMode, (cq_connection *))                                           \
  X(int, PQflush, (cq_connection *))                                                      \
  X(int, PQconsumeInput, (cq_connection *))                                               \
  X(int, PQisBusy, (cq_connection *))                                                     \
  X(cq_result *, PQgetResult, (cq_connection *))                                          \
  X(void, PQclear, (cq_result *))                                                         \
  X(int, PQresultStatus, (const cq_result *))                                             \
  X(char *, PQresultErrorField, (const cq_result *, int))                                 \
  X(int, PQnfields, (const cq_result *))                                                  \
  X(char *, PQfname, (const cq_result *, int))                                            \
  X(char *, PQgetvalue, (const cq_result *, int, int))                                    \
  X(int, PQgetlength, (const cq_result *, int, int))                                      \
  X(int, PQgetisnull, (const cq_result *, int, int))                                      \
  X(void *, PQgetCancel, (cq_connection *))                                               \
  X(int, PQcancel, (void *, char *, int))                                                 \
  X(void, PQfreeCancel, (void *))

struct cq_library {
#define MEMBER(result, name, parameters) result(*name) parameters;
  FUNCTIONS(MEMBER)
};

enum { CONNECTION_BAD = 1 };                                                  // ConnStatusType
enum { POLL_FAILED = 0, POLL_READING = 1, POLL_WRITING = 2, POLL_OK = 3 };    // PQconnectPoll
enum { COMMAND_OK = 1, TUPLES_OK = 2, FATAL_ERROR = 7, SINGLE_TUPLE = 9 };    // ExecStatusType
enum { SQLSTATE = 'C', PRIMARY = 'M' };                                       // PG_DIAG_...

cq_library *cq_open(const char *name, char *why, size_t size) {
  void *image = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    const char *text = dlerror();
    snprintf(why, size, "%s", text ? text : "the dynamic linker gave no reason");
    return NULL;
  }
  cq_library *library = calloc(1, sizeof *library);
  if (!library) {
    snprintf(why, size, "out of memory");
    return NULL;
  }
#define FIND(result, name, parameters)                       \
  library->name = (result(*) parameters)dlsym(image, #name); \
  if (!library->name) {                                      \
    snprintf(why, size, "it has no function %s", #name);     \
    free(library);                                           \
    return NULL;                                             \
  }
  FUNCTIONS(FIND)
  return library;
}

int cq_version(const cq_library *library) { return library->PQlibVersion(); }

static void drop_notice(void *context, const cq_result *result) { (void)context, (void)result; }

cq_connection *cq_start(
    const cq_library *library, const char *const *names, const char *const *values) {
  cq_connection *connection = library->PQconnectStartParams(names, values, 0);
  if (connection) library->PQsetNoticeReceiver(connection, drop_notice, NULL);
  return connection;
}

int cq_connect(const cq_library *library, cq_connection *connection) {
  if (library->PQstatus(connection) == CONNECTION_BAD) return CQ_FAILED;
  switch (library->PQconnectPoll(connection)) {
    case POLL_READING: return CQ_READ;
    case POLL_WRITING: return CQ_WRITE;
    case POLL_OK: return library->PQsetnonblocking(connection, 1) == 0 ? CQ_DONE : CQ_FAILED;
    default: return CQ_FAILED;
  }
}

int cq_wait(
    const cq_library *library, cq_connection *connection, int wanted, int milliseconds) {
  struct pollfd entry = {
      .fd = library->PQsocket(connection),
      .events = POLLIN | (wanted == CQ_WRITE ? POLLOUT : 0),
  };
  if (entry.fd < 0) return -1;
  int count = poll(&entry, 1, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -1;
  return count;
}

int cq_is_encrypted(const cq_library *library, cq_connection *connection) {
  return library->PQsslInUse(connection);
}

const char *cq_message(const cq_library *library, cq_connection *connection) {
  const char *text = library->PQerrorMessage(connection);
  return text ? text : "";
}

void cq_finish(const cq_library *library, cq_connection *connection) {
  library->PQfinish(connection);
}

int cq_send(const cq_library *library, cq_connection *connection, const char *text) {
  return library->PQsendQuery(connection, text) == 1
      && library->PQsetSingleRowMode(connection) == 1;
}

int cq_poll(const cq_library *library, cq_connection *connection) {
  int left = library->PQflush(connection);
  if (left < 0) return CQ_FAILED;
  // After a failure what arrived before it can still be read as results.
  if (library->PQconsumeInput(connection) == 0) return CQ_FAILED;
  if (!library->PQisBusy(connection)) return CQ_DONE;
  return left > 0 ? CQ_WRITE : CQ_READ;
}

cq_result *cq_next(const cq_library *library, cq_connection *connection) {
  return library->PQgetResult(connection);
}

int cq_kind(const cq_library *library, const cq_result *result) {
  switch (library->PQresultStatus(result)) {
    case SINGLE_TUPLE: return CQ_ROW;
    case TUPLES_OK: return CQ_END_OF_ROWS;
    case COMMAND_OK: return CQ_COMMAND;
    case FATAL_ERROR: return CQ_ERROR;
    default: return CQ_OTHER;
  }
}

const char *cq_state(const cq_library *library, const cq_result *result) {
  return library->PQresultErrorField(result, SQLSTATE);
}

const char *cq_text(const cq_library *library, const cq_result *result) {
  return library->PQresultErrorField(result, PRIMARY);
}

int cq_columns(const cq_library *library, const cq_result *result) {
  return library->PQnfields(result);
}

const char *cq_name(const cq_library *library, const cq_result *result, int column) {
  return library->PQfname(result, column);
}

const char *cq_value(
    const cq_library *library, const cq_result *result, int column, int *count) {
  *count = 0;
  if (library->PQgetisnull(result, 0, column)) return NULL;
  *count = library->PQgetlength(result, 0, column);
  return library->PQgetvalue(result, 0, column);
}

void cq_clear(const cq_library *library, cq_result *result) { library->PQclear(result); }

int cq_cancel(const cq_library *library, cq_connection *connection, char *why, int size) {
  void *cancel = library->PQgetCancel(connection);
  if (!cancel) {
    snprintf(why, (size_t)size, "the connection is closed");
    return 0;
  }
  int sent = library->PQcancel(cancel, why, size);
  library->PQfreeCancel(cancel);
  return sent;
}
