// Waiting for children, feeding them, and polling.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#else
#include <mach-o/dyld.h>
#endif

int cs_pidfd(pid_t pid) {
#if defined(__linux__) && defined(SYS_pidfd_open)
  return (int)syscall(SYS_pidfd_open, pid, 0);  // close-on-exec by itself
#else
  (void)pid;
  errno = ENOSYS;
  return -1;
#endif
}

int cs_pipe(int fds[2]) {
#ifdef __linux__
  return pipe2(fds, O_CLOEXEC);
#else
  if (pipe(fds) != 0) return -1;
  fcntl(fds[0], F_SETFD, FD_CLOEXEC);
  fcntl(fds[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

int cs_set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int cs_poll(const int *fds, int count, int timeout_ms) {
  struct pollfd polled[8];
  if (count > 8) {
    errno = EINVAL;
    return -1;
  }
  for (int i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
  int64_t end = cs_monotonic() + (int64_t)timeout_ms * 1000000;
  int rc;
  while ((rc = poll(polled, (nfds_t)count, timeout_ms)) < 0 && errno == EINTR) {
    int64_t left = (end - cs_monotonic()) / 1000000;
    if (timeout_ms >= 0) timeout_ms = left > 0 ? (int)left : 0;
  }
  if (rc < 0) return -1;
  int ready = 0;
  for (int i = 0; i < count; i++)
    if (fds[i] >= 0 && polled[i].revents != 0) ready |= 1 << i;
  return ready;
}

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

int cs_wait(pid_t pid, int nohang, int *code, int64_t *peak_rss_bytes, double *cpu_seconds) {
  int status;
  struct rusage usage;
  pid_t rc;
  do rc = wait4(pid, &status, nohang ? WNOHANG : 0, &usage);
  while (rc < 0 && errno == EINTR);
  if (rc <= 0) return (int)rc;
  *code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
#ifdef __linux__
  *peak_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
#else
  *peak_rss_bytes = (int64_t)usage.ru_maxrss;
#endif
  *cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return 1;
}

// 0, 1 and below are refused: kill would take them for "everybody".
int cs_kill_group(pid_t pid, int signal) { return pid > 1 ? kill(-pid, signal) : -1; }
int cs_kill(pid_t pid, int signal) { return pid > 1 ? kill(pid, signal) : -1; }

int cs_input_file(const void *bytes, size_t count) {
#ifdef __linux__
  int fd = memfd_create("input", MFD_CLOEXEC);
#else
  char path[] = "/tmp/input.XXXXXX";
  int fd = mkstemp(path);
  if (fd >= 0) unlink(path);
  if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
  if (fd < 0) return -1;
  if (cs_write_all(fd, bytes, count) == 0 && lseek(fd, 0, SEEK_SET) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int cs_write_pipe(int fd, const void *buffer, size_t count) {
#ifdef __linux__
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  int rc = cs_write_all(fd, buffer, count), error = errno;
  struct timespec now = {0, 0};
  // Takes away the signal that this write has raised, not one that waited already.
  if (rc != 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
    while (sigtimedwait(&pipe_signal, NULL, &now) < 0 && errno == EINTR) {}
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return rc;
#else
  fcntl(fd, F_SETNOSIGPIPE, 1);
  return cs_write_all(fd, buffer, count);
#endif
}

#ifdef __linux__
/// Cuts the last component off a path.
static void cut(char *path) {
  char *slash = strrchr(path, '/');
  if (slash != NULL) *slash = 0;
}
#endif

const char *cs_bundle(void) {
  static _Thread_local char root[4096];
#ifdef __linux__
  char other[4200];
  ssize_t n = readlink("/proc/self/exe", root, sizeof root - 1);
  if (n < 0) return NULL;
  root[n] = 0;
  const char *folder[] = {"/runtime/", "/libexec/"}, *beside[] = {"libexec/atelier", "runtime"};
  for (int i = 0; i < 2; i++) {
    char *name = strrchr(root, '/');
    if (name == NULL) return NULL;
    size_t length = (size_t)(name + 1 - root), width = strlen(folder[i]);
    if (length <= width || strncmp(root + length - width, folder[i], width) != 0) continue;
    if (strncmp(name + 1, i == 0 ? "ld-" : "atelier", i == 0 ? 3 : 8) != 0) continue;
    cut(root);
    cut(root);
    snprintf(other, sizeof other, "%s/%s", root, beside[i]);
    return access(other, F_OK) == 0 ? root : NULL;
  }
#else
  (void)root;
#endif
  return NULL;
}

const char *cs_self_path(void) {
  static _Thread_local char path[4200];
#ifdef __linux__
  const char *bundle = cs_bundle();
  if (bundle != NULL) {
    snprintf(path, sizeof path, "%s/libexec/atelier", bundle);
    return path;
  }
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  if (n < 0) return NULL;
  path[n] = 0;
  return path;
#else
  uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? path : NULL;
#endif
}

static int argument_count;
static char **argument_values;

/// The C library tells constructors what `main` is told; where the bundle's loader was started with words of
/// its own, without those.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int cs_argument_count(void) { return argument_count; }
const char *cs_argument(int index) {
  return index >= 0 && index < argument_count ? argument_values[index] : NULL;
}

const char *const *cs_environ(void) { return (const char *const *)environ; }
