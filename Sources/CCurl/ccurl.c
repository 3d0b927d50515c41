// Finds the functions of libcurl by name. Numbers of options are part of its stable ABI (so 4).
#define _GNU_SOURCE
#include "ccurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct curl_slist;

#define FUNCTIONS(X)                                               \
  X(int, curl_global_init, (long))                                 \
  X(char *, curl_version, (void))                                  \
  X(void *, curl_easy_init, (void))                                \
  X(void, curl_easy_cleanup, (void *))                             \
  X(void, curl_easy_reset, (void *))                               \
  X(int, curl_easy_setopt, (void *, int, ...))                     \
  X(int, curl_easy_perform, (void *))                              \
  X(int, curl_easy_getinfo, (void *, int, ...))                    \
  X(const char *, curl_easy_strerror, (int))                       \
  X(struct curl_slist *, curl_slist_append, (struct curl_slist *, const char *)) \
  X(void, curl_slist_free_all, (struct curl_slist *))

struct cc_library {
#define MEMBER(result, name, parameters) result(*name) parameters;
  FUNCTIONS(MEMBER)
};

enum {  // CURLOPT_...
  LOW_SPEED_LIMIT = 19,
  LOW_SPEED_TIME = 20,
  NOPROGRESS = 43,
  NOBODY = 44,
  UPLOAD = 46,
  FRESH_CONNECT = 74,
  HTTP_VERSION = 84,
  BUFFERSIZE = 98,
  NOSIGNAL = 99,
  TCP_NODELAY = 121,
  CONNECTTIMEOUT_MS = 156,
  PROTOCOLS = 181,
  TCP_KEEPALIVE = 213,
  PATH_AS_IS = 234,
  SUPPRESS_CONNECT_HEADERS = 265,
  UPLOAD_BUFFERSIZE = 280,
  WRITEDATA = 10001,
  URL = 10002,
  READDATA = 10009,
  ERRORBUFFER = 10010,
  HTTPHEADER = 10023,
  HEADERDATA = 10029,
  CUSTOMREQUEST = 10036,
  XFERINFODATA = 10057,
  CAINFO = 10065,
  SEEKDATA = 10168,
  PROTOCOLS_STR = 10318,
  WRITEFUNCTION = 20011,
  READFUNCTION = 20012,
  HEADERFUNCTION = 20079,
  SEEKFUNCTION = 20167,
  XFERINFOFUNCTION = 20219,
  INFILESIZE_LARGE = 30115,
};
enum { INFO_NUM_CONNECTS = 0x200000 + 26 };
enum { GLOBAL_ALL = 3, HTTP_AND_HTTPS = 3, HTTP_1_1 = 2 };
enum { OUT_OF_MEMORY = 27, READ_ABORT = 0x10000000, SEEK_OK = 0, SEEK_FAIL = 1 };

cc_library *cc_open(const char *name, char *why, size_t size) {
  void *image = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    const char *text = dlerror();
    snprintf(why, size, "%s", text ? text : "the dynamic linker gave no reason");
    return NULL;
  }
  cc_library *library = calloc(1, sizeof *library);
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
  int code = library->curl_global_init(GLOBAL_ALL);
  if (code != 0) {
    snprintf(why, size, "%s", library->curl_easy_strerror(code));
    free(library);
    return NULL;
  }
  return library;
}

const char *cc_version(const cc_library *library) { return library->curl_version(); }

cc_handle cc_handle_new(const cc_library *library) { return library->curl_easy_init(); }

void cc_handle_free(const cc_library *library, cc_handle handle) {
  library->curl_easy_cleanup(handle);
}

/// What the callbacks of one exchange share.
typedef struct {
  const cc_request *request;
  cc_result *result;
  int64_t sent;
} exchange_t;

static size_t on_read(char *buffer, size_t size, size_t count, void *context) {
  exchange_t *exchange = context;
  const cc_request *request = exchange->request;
  int64_t left = request->body_size - exchange->sent;
  size_t wanted = size * count;
  if ((int64_t)wanted > left) wanted = (size_t)left;
  if (wanted == 0) return 0;
  if (request->body) {
    memcpy(buffer, (const char *)request->body + exchange->sent, wanted);
  } else {
    ssize_t got;
    do got = pread(request->body_fd, buffer, wanted, request->body_offset + exchange->sent);
    while (got < 0 && errno == EINTR);
    if (got <= 0) {
      exchange->result->body_error = got < 0 ? errno : -1;
      return READ_ABORT;
    }
    wanted = (size_t)got;
  }
  exchange->sent += (int64_t)wanted;
  return wanted;
}

// libcurl rewinds the body when a kept connection turns out to be dead.
static int on_seek(void *context, int64_t offset, int origin) {
  exchange_t *exchange = context;
  if (origin != SEEK_SET || offset < 0 || offset > exchange->request->body_size) return SEEK_FAIL;
  exchange->sent = offset;
  return SEEK_OK;
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
  exchange_t *exchange = context;
  if (exchange->request->header(exchange->request->context, line, size * count)) return 0;
  return size * count;
}

static size_t on_receive(char *bytes, size_t size, size_t count, void *context) {
  exchange_t *exchange = context;
  int stop = exchange->request->receive(exchange->request->context, bytes, size * count);
  return stop ? 0 : size * count;
}

static int on_progress(void *context, int64_t a, int64_t b, int64_t c, int64_t d) {
  (void)a, (void)b, (void)c, (void)d;
  exchange_t *exchange = context;
  return exchange->request->cancelled(exchange->request->context);
}

/// The header fields as libcurl wants them; NULL when memory is out. "Expect:" takes away libcurl's
/// own field: servers that ignore it would cost a second per upload.
static struct curl_slist *field_list(const cc_library *library, const cc_request *request) {
  struct curl_slist *list = library->curl_slist_append(NULL, "Expect:");
  for (const char *const *field = request->fields; list && *field; field++) {
    struct curl_slist *longer = library->curl_slist_append(list, *field);
    if (!longer) library->curl_slist_free_all(list);
    list = longer;
  }
  return list;
}

static void prepare(
    const cc_library *library, cc_handle handle, exchange_t *exchange, struct curl_slist *fields) {
  const cc_request *request = exchange->request;
#define SET(option, value) library->curl_easy_setopt(handle, option, value)
  library->curl_easy_reset(handle);  // keeps connections
  SET(ERRORBUFFER, exchange->result->text);
  SET(URL, request->url);
  SET(PATH_AS_IS, 1L);
  SET(CUSTOMREQUEST, request->method);
  SET(HTTPHEADER, fields);
  SET(HTTP_VERSION, (long)HTTP_1_1);
  if (SET(PROTOCOLS_STR, "http,https") != 0) SET(PROTOCOLS, (long)HTTP_AND_HTTPS);
  SET(NOSIGNAL, 1L);
  SET(TCP_NODELAY, 1L);
  SET(TCP_KEEPALIVE, 1L);
  if (request->fresh_connection) SET(FRESH_CONNECT, 1L);
  SET(CONNECTTIMEOUT_MS, request->connect_timeout_ms);
  SET(LOW_SPEED_TIME, request->stall_seconds);
  SET(LOW_SPEED_LIMIT, request->stall_bytes_per_second);
  SET(BUFFERSIZE, 512L * 1024);
  SET(UPLOAD_BUFFERSIZE, 1024L * 1024);
  SET(SUPPRESS_CONNECT_HEADERS, 1L);
  if (request->ca_file) SET(CAINFO, request->ca_file);
  if (strcmp(request->method, "HEAD") == 0) SET(NOBODY, 1L);
  if (request->has_body) {
    SET(UPLOAD, 1L);
    SET(INFILESIZE_LARGE, request->body_size);
    SET(READFUNCTION, on_read);
    SET(READDATA, exchange);
    SET(SEEKFUNCTION, on_seek);
    SET(SEEKDATA, exchange);
  }
  SET(HEADERFUNCTION, on_header);
  SET(HEADERDATA, exchange);
  SET(WRITEFUNCTION, on_receive);
  SET(WRITEDATA, exchange);
  SET(XFERINFOFUNCTION, on_progress);
  SET(XFERINFODATA, exchange);
  SET(NOPROGRESS, 0L);
#undef SET
}

void cc_perform(
    const cc_library *library, cc_handle handle, const cc_request *request, cc_result *result) {
  memset(result, 0, sizeof *result);
  exchange_t exchange = {request, result, 0};
  struct curl_slist *fields = field_list(library, request);
  if (!fields) {
    result->code = OUT_OF_MEMORY;
    return;
  }
  prepare(library, handle, &exchange, fields);
  result->code = library->curl_easy_perform(handle);
  long connections = 0;
  library->curl_easy_getinfo(handle, INFO_NUM_CONNECTS, &connections);
  result->connections = (int)connections;
  if (result->code != 0 && !result->text[0]) {
    snprintf(result->text, sizeof result->text, "%s", library->curl_easy_strerror(result->code));
  }
  library->curl_easy_reset(handle);  // it must not keep pointers to this stack frame
  library->curl_slist_free_all(fields);
}
