// Folder walks, sealing and threads for Stores.
#define _GNU_SOURCE
#include "csystem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <time.h>
#include <unistd.h>

static int is_dot(const char *name) {
  return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

int cs_list(const char *path, void *context, int (*each)(void *context, const char *name)) {
  DIR *folder = opendir(path);
  if (!folder) return -1;
  struct dirent *entry;
  int failed = 0;
  for (;;) {
    errno = 0;
    if (!(entry = readdir(folder))) {
      failed = errno;
      break;
    }
    if (!is_dot(entry->d_name) && each(context, entry->d_name) != 0) break;
  }
  closedir(folder);
  errno = failed;
  return failed ? -1 : 0;
}

static int remove_at(int parent, const char *name) {
  if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
  // Linux says EISDIR for a folder, others EPERM.
  if (errno != EISDIR && errno != EPERM) return -1;
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == EACCES) {
    fchmodat(parent, name, 0700, 0);
    fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  }
  if (fd < 0) return errno == ENOENT ? 0 : -1;
  fchmod(fd, 0700);  // a step may have left a folder that its owner may not change
  DIR *folder = fdopendir(fd);
  if (!folder) {
    close(fd);
    return -1;
  }
  int rc = 0;
  struct dirent *entry;
  while (rc == 0 && (entry = readdir(folder)))
    if (!is_dot(entry->d_name)) rc = remove_at(fd, entry->d_name);
  int e = errno;
  closedir(folder);
  errno = e;
  if (rc != 0) return -1;
  return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

int cs_remove_tree(const char *path) { return remove_at(AT_FDCWD, path); }

int cs_seal(int fd, unsigned mode, int64_t mtime) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                              {.tv_sec = mtime / 1000000000, .tv_nsec = mtime % 1000000000}};
  return fchmod(fd, mode) != 0 || futimens(fd, times) != 0 ? -1 : 0;
}

int cs_fsync(int fd) { return fsync(fd); }

void cs_unlock(int fd) { flock(fd, LOCK_UN); }

int cs_link(const char *path, const char *new_path) {
  return linkat(AT_FDCWD, path, AT_FDCWD, new_path, 0);
}

int cs_set_mode(int fd, unsigned mode) { return fchmod(fd, mode); }

#ifdef F_OFD_SETLK
static const int set_lock = F_OFD_SETLK;  // belongs to the open file, as a flock does
#else
static const int set_lock = F_SETLK;  // belongs to the process
#endif

static int byte_lock(int fd, int64_t place, short type) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};
  int rc;
  do rc = fcntl(fd, set_lock, &lock);
  while (rc != 0 && errno == EINTR);
  return rc;
}

int cs_lock_byte(int fd, int64_t place) {
  if (byte_lock(fd, place, F_WRLCK) == 0) return 0;
  return errno == EAGAIN || errno == EACCES ? 1 : -1;
}

void cs_unlock_byte(int fd, int64_t place) { byte_lock(fd, place, F_UNLCK); }

int cs_entries(const char *path, unsigned *mode) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat status;
  int plain = fstat(fd, &status) == 0;
#ifdef __linux__
  plain = plain && flistxattr(fd, NULL, 0) <= 0;
#endif
  DIR *folder = plain ? fdopendir(fd) : NULL;
  if (!folder) {
    close(fd);
    return -1;
  }
  *mode = status.st_mode & 07777;
  struct dirent *entry;
  int count = 0;
  errno = 0;
  while ((entry = readdir(folder))) count += !is_dot(entry->d_name);
  if (errno != 0) count = -1;
  closedir(folder);
  return count;
}

enum { ahead = 4 };

/// Blocks that one thread fills and another empties, in turn.
typedef struct {
  int fd, copy;
  size_t size;
  char *blocks;
  ssize_t counts[ahead];
  int error, writing;
  unsigned filled, emptied;
  int stopped, ended;
  pthread_mutex_t mutex;
  pthread_cond_t moved;
} read_ahead_t;

/// Reads a block and writes it to the copy, if there is one.
static ssize_t read_block(read_ahead_t *r, void *block) {
  ssize_t count = cs_read(r->fd, block, r->size);
  if (count > 0 && r->copy >= 0 && cs_write_all(r->copy, block, (size_t)count) != 0) {
    r->writing = 1;
    return -1;
  }
  return count;
}

static void read_ahead(void *context) {
  read_ahead_t *r = context;
  ssize_t count = 1;
  pthread_mutex_lock(&r->mutex);
  while (count > 0) {
    while (r->filled - r->emptied == ahead && !r->stopped) pthread_cond_wait(&r->moved, &r->mutex);
    if (r->stopped) break;
    unsigned slot = r->filled % ahead;
    pthread_mutex_unlock(&r->mutex);
    count = read_block(r, r->blocks + slot * r->size);
    int error = errno;
    pthread_mutex_lock(&r->mutex);
    r->counts[slot] = count;
    if (count < 0) r->error = error;
    r->filled++;
    pthread_cond_signal(&r->moved);
  }
  r->ended = 1;
  pthread_cond_signal(&r->moved);
  pthread_mutex_unlock(&r->mutex);
}

int cs_read_ahead(int fd, int copy, size_t block, int *writing, void *context,
                  int (*each)(void *context, const void *bytes, size_t count)) {
  read_ahead_t r = {.fd = fd, .copy = copy, .size = block, .blocks = malloc(ahead * block)};
  *writing = 0;
  if (!r.blocks) return -1;
  pthread_mutex_init(&r.mutex, NULL);
  pthread_cond_init(&r.moved, NULL);
  if (cs_thread(read_ahead, &r) != 0) {  // no thread to be had: in turn, then
    ssize_t count;
    while ((count = read_block(&r, r.blocks)) > 0 && !each(context, r.blocks, (size_t)count)) {}
    r.error = count < 0 ? errno : 0;
    r.ended = r.stopped = 1;
  }
  pthread_mutex_lock(&r.mutex);
  while (!r.stopped) {
    while (r.filled == r.emptied) pthread_cond_wait(&r.moved, &r.mutex);
    unsigned slot = r.emptied % ahead;
    ssize_t count = r.counts[slot];
    if (count <= 0) break;
    pthread_mutex_unlock(&r.mutex);
    int stop = each(context, r.blocks + slot * block, (size_t)count);
    pthread_mutex_lock(&r.mutex);
    r.stopped = stop != 0;
    r.emptied++;
    pthread_cond_signal(&r.moved);
  }
  while (!r.ended) pthread_cond_wait(&r.moved, &r.mutex);
  pthread_mutex_unlock(&r.mutex);
  pthread_cond_destroy(&r.moved);
  pthread_mutex_destroy(&r.mutex);
  free(r.blocks);
  *writing = r.writing;
  errno = r.error;
  return r.error != 0 ? -1 : 0;
}

int64_t cs_wall_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

typedef struct {
  void (*body)(void *);
  void *context;
} thread_start_t;

static void *thread_main(void *argument) {
  thread_start_t start = *(thread_start_t *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}

int cs_thread(void (*body)(void *context), void *context) {
  thread_start_t *start = malloc(sizeof *start);
  if (!start) return ENOMEM;
  *start = (thread_start_t){body, context};
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  int rc = pthread_create(&thread, NULL, thread_main, start);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (rc == 0) pthread_detach(thread);
  else free(start);
  return rc;
}
