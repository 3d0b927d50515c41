// Finds the functions of libmicrohttpd by name. The signatures and numbers are those of 0.9.75,
// whose binary interface (libmicrohttpd.so.12) all later 0.9 and 1.0 versions keep.
#define _GNU_SOURCE
#include "cmicrohttpd.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// MHD_FLAG
enum { THREAD_PER_CONNECTION = 4, INTERNAL_THREAD = 8, USE_IPV6 = 16, USE_POLL = 64, USE_EPOLL = 512, USE_ITC = 1024 };
// MHD_OPTION
enum {
  OPTION_END = 0,
  OPTION_CONNECTION_MEMORY = 1,
  OPTION_CONNECTIONS = 2,
  OPTION_CONNECTION_TIMEOUT = 3,
  OPTION_COMPLETED = 4,
  OPTION_CONNECTIONS_PER_ADDRESS = 5,
  OPTION_LISTEN_SOCKET = 12,
  OPTION_LOGGER = 13,
  OPTION_THREADS = 14,
  OPTION_NOTIFY_CONNECTION = 27,
};
enum { HEADER_KIND = 1, ARGUMENT_KIND = 8, COPY_BODY = 2, INFO_DESCRIPTOR = 6 };
enum { STREAM_BLOCK = 1 << 16, STREAM_END = -1 };

typedef int (*access_function)(
    void *, cm_connection *, const char *, const char *, const char *, const char *, size_t *,
    void **);
typedef ssize_t (*stream_function)(void *, uint64_t, char *, size_t);
typedef struct mhd_daemon mhd_daemon;
typedef struct mhd_response mhd_response;

#define FUNCTIONS(X)                                                                          \
  X(const char *, MHD_get_version, (void))                                                    \
  X(mhd_daemon *, MHD_start_daemon,                                                           \
    (unsigned, uint16_t, void *, void *, access_function, void *, ...))                       \
  X(int, MHD_quiesce_daemon, (mhd_daemon *))                                                  \
  X(int, MHD_add_connection, (mhd_daemon *, int, const struct sockaddr *, socklen_t))         \
  X(void, MHD_stop_daemon, (mhd_daemon *))                                                    \
  X(const char *, MHD_lookup_connection_value, (cm_connection *, int, const char *))          \
  X(const void *, MHD_get_connection_info, (cm_connection *, int, ...))                       \
  X(mhd_response *, MHD_create_response_from_buffer, (size_t, void *, int))                   \
  X(mhd_response *, MHD_create_response_from_callback,                                        \
    (uint64_t, size_t, stream_function, void *, void (*)(void *)))                            \
  X(int, MHD_add_response_header, (mhd_response *, const char *, const char *))               \
  X(int, MHD_queue_response, (cm_connection *, unsigned, mhd_response *))                     \
  X(void, MHD_destroy_response, (mhd_response *))

struct cm_library {
#define MEMBER(result, name, parameters) result(*name) parameters;
  FUNCTIONS(MEMBER)
};

struct cm_server {
  const cm_library *library;
  cm_options options;
  mhd_daemon *daemon;
  uint16_t port;
};

cm_library *cm_open(const char *name, char *why, size_t size) {
  void *image = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    const char *text = dlerror();
    snprintf(why, size, "%s", text ? text : "the dynamic linker gave no reason");
    return NULL;
  }
  cm_library *library = calloc(1, sizeof *library);
  if (!library) {
    snprintf(why, size, "out of memory");
    return NULL;
  }
#define FIND(result, name, parameters)                          \
  library->name = (result(*) parameters)dlsym(image, #name);    \
  if (!library->name) {                                         \
    snprintf(why, size, "it has no function %s", #name);        \
    free(library);                                              \
    return NULL;                                                \
  }
  FUNCTIONS(FIND)
  return library;
}

const char *cm_version(const cm_library *library) { return library->MHD_get_version(); }

// Our own socket, since the library does not say why it could not listen.
static int listening(const char *host, uint16_t port, uint16_t *found, int *family, char *why,
                     size_t size) {
  char service[8];
  snprintf(service, sizeof service, "%u", (unsigned)port);
  struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *all = NULL;
  int code = getaddrinfo(host, service, &hints, &all);
  if (code != 0) {
    snprintf(why, size, "%s", gai_strerror(code));
    return -1;
  }
  int descriptor = -1, error = EADDRNOTAVAIL;
  for (struct addrinfo *one = all; one && descriptor < 0; one = one->ai_next) {
    descriptor = socket(one->ai_family, SOCK_STREAM, 0);
    if (descriptor < 0) {
      error = errno;
      continue;
    }
    int on = 1;
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0 ||
        bind(descriptor, one->ai_addr, one->ai_addrlen) != 0 || listen(descriptor, 1024) != 0 ||
        getsockname(descriptor, (struct sockaddr *)&bound, &length) != 0) {
      error = errno;
      close(descriptor);
      descriptor = -1;
      continue;
    }
    *family = one->ai_family;
    *found = ntohs(one->ai_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                              : ((struct sockaddr_in *)&bound)->sin_port);
  }
  freeaddrinfo(all);
  if (descriptor < 0) snprintf(why, size, "%s", strerror(error));
  return descriptor;
}

static int on_request(
    void *context, cm_connection *connection, const char *path, const char *method,
    const char *version, const char *piece, size_t *count, void **state) {
  (void)version;
  const cm_options *options = &((cm_server *)context)->options;
  return options->request(options->context, connection, path, method, piece, count, state);
}

static void on_completed(void *context, cm_connection *connection, void **state, int code) {
  (void)code;
  const cm_options *options = &((cm_server *)context)->options;
  if (*state) options->completed(options->context, connection, *state);
  *state = NULL;
}

static void on_connection(void *context, cm_connection *connection, void **socket, int code) {
  (void)socket;
  cm_server *server = context;
  int descriptor = cm_descriptor(server->library, connection);
  if (descriptor >= 0) {
    server->options.connected(server->options.context, descriptor, code == 0);
  }
}

// What clients do wrong is answered to them; it is no talk of ours.
static void on_message(void *context, const char *format, va_list values) {
  (void)context;
  (void)format;
  (void)values;
}

cm_server *cm_start(
    const cm_library *library, const cm_options *options, char *why, size_t size) {
  cm_server *server = calloc(1, sizeof *server);
  if (!server) {
    snprintf(why, size, "out of memory");
    return NULL;
  }
  server->library = library;
  server->options = *options;
  server->options.host = "";
  int family = AF_INET;
  int descriptor = listening(options->host, options->port, &server->port, &family, why, size);
  if (descriptor < 0) {
    free(server);
    return NULL;
  }
#ifdef __linux__
  unsigned flags = INTERNAL_THREAD | USE_ITC | (options->threads > 0 ? USE_EPOLL : USE_POLL);
#else
  unsigned flags = INTERNAL_THREAD | USE_ITC | USE_POLL;
#endif
  if (options->threads == 0) flags |= THREAD_PER_CONNECTION;
  if (family == AF_INET6) flags |= USE_IPV6;
  server->daemon = library->MHD_start_daemon(
      flags, 0, NULL, NULL, on_request, server,
      OPTION_LOGGER, on_message, NULL,
      OPTION_LISTEN_SOCKET, descriptor,
      OPTION_CONNECTION_MEMORY, options->connection_memory,
      OPTION_CONNECTIONS, options->connections,
      OPTION_CONNECTIONS_PER_ADDRESS, options->connections_per_address,
      OPTION_CONNECTION_TIMEOUT, options->idle_seconds,
      OPTION_COMPLETED, on_completed, server,
      OPTION_NOTIFY_CONNECTION, on_connection, server,
      OPTION_THREADS, options->threads,
      OPTION_END);
  if (!server->daemon) {
    snprintf(why, size, "libmicrohttpd did not start; too few file descriptors or threads");
    close(descriptor);
    free(server);
    return NULL;
  }
  return server;
}

uint16_t cm_port(const cm_server *server) { return server->port; }

void cm_quiesce(cm_server *server) {
  int descriptor = server->library->MHD_quiesce_daemon(server->daemon);
  if (descriptor < 0) return;
  // Clients whose connection was made and not yet taken have no way to know that we are going.
  while (1) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int connection = accept(descriptor, (struct sockaddr *)&address, &length);
    if (connection < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (connection < 0) break;
    if (fcntl(connection, F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(connection, F_SETFL, O_NONBLOCK) != 0) {
      close(connection);
      continue;
    }
    // Where it is not taken, the library has closed it.
    server->library->MHD_add_connection(
        server->daemon, connection, (struct sockaddr *)&address, length);
  }
  close(descriptor);
}

void cm_stop(cm_server *server) {
  server->library->MHD_stop_daemon(server->daemon);
  free(server);
}

const char *cm_field(
    const cm_library *library, cm_connection *connection, const char *name) {
  return library->MHD_lookup_connection_value(connection, HEADER_KIND, name);
}

const char *cm_argument(
    const cm_library *library, cm_connection *connection, const char *name) {
  return library->MHD_lookup_connection_value(connection, ARGUMENT_KIND, name);
}

int cm_descriptor(const cm_library *library, cm_connection *connection) {
  const int *descriptor = library->MHD_get_connection_info(connection, INFO_DESCRIPTOR);
  return descriptor ? *descriptor : -1;
}

int cm_answer(
    const cm_library *library, cm_connection *connection, unsigned status, const void *body,
    size_t count, const char *const *fields) {
  // The library copies the bytes before it returns, so they are not changed.
  mhd_response *answer =
      library->MHD_create_response_from_buffer(count, (void *)(uintptr_t)body, COPY_BODY);
  if (!answer) return 0;
  for (; fields[0] && fields[1]; fields += 2) {
    library->MHD_add_response_header(answer, fields[0], fields[1]);
  }
  int taken = library->MHD_queue_response(connection, status, answer);
  library->MHD_destroy_response(answer);
  return taken;
}

typedef struct {
  void *context;
  cm_stream_next next;
  cm_stream_end end;
} stream;

static ssize_t on_stream(void *state, uint64_t position, char *buffer, size_t size) {
  (void)position;
  const stream *own = state;
  ssize_t count = own->next(own->context, buffer, size);
  return count > 0 ? count : STREAM_END;
}

static void on_stream_end(void *state) {
  const stream *own = state;
  own->end(own->context);
  free(state);
}

int cm_stream(
    const cm_library *library, cm_connection *connection, unsigned status, void *context,
    cm_stream_next next, cm_stream_end end, const char *const *fields) {
  stream *own = malloc(sizeof *own);
  if (!own) {
    end(context);
    return 0;
  }
  *own = (stream){.context = context, .next = next, .end = end};
  mhd_response *answer = library->MHD_create_response_from_callback(
      UINT64_MAX, STREAM_BLOCK, on_stream, own, on_stream_end);
  if (!answer) {
    on_stream_end(own);
    return 0;
  }
  for (; fields[0] && fields[1]; fields += 2) {
    library->MHD_add_response_header(answer, fields[0], fields[1]);
  }
  int taken = library->MHD_queue_response(connection, status, answer);
  library->MHD_destroy_response(answer);
  return taken;
}
