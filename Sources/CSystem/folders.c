// Files by their names in an open folder: the kernel does not walk the folder's own path for each.
#define _GNU_SOURCE
#include "csystem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#ifdef __linux__
#include <linux/fs.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#endif

int cs_open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

int cs_open_read_at(int folder, const char *name, int follow) {
  return openat(folder, name, O_RDONLY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
}

int cs_create_at(int folder, const char *name, unsigned mode) {
  return openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
}

int cs_mkdir_at(int folder, const char *name) { return mkdirat(folder, name, 0777); }

int cs_unlink_at(int folder, const char *name) { return unlinkat(folder, name, 0); }

int cs_rename_at(int from, const char *name, int to, const char *new_name, int replace) {
  if (replace) return renameat(from, name, to, new_name);
#if defined(__linux__) && defined(RENAME_NOREPLACE)
  return renameat2(from, name, to, new_name, RENAME_NOREPLACE);
#elif defined(RENAME_EXCL)
  return renameatx_np(from, name, to, new_name, RENAME_EXCL);
#else
  errno = EINVAL;
  return -1;
#endif
}

int cs_link_at(int from, const char *name, int to, const char *new_name) {
  return linkat(from, name, to, new_name, 0);
}

int cs_stat_blob(int shards, const void *hex, cs_stat_t *out) {
  char name[3 + 64 + 1];
  memcpy(name, hex, 2);
  name[2] = '/';
  memcpy(name + 3, hex, 64);
  name[67] = 0;
  return cs_stat_at(shards, name, 0, out);
}

int cs_walk(int parent, const char *name, void *context,
            int (*each)(void *context, const char *name, const cs_stat_t *status)) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (!folder) {
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
    return -1;
  }
  int error = 0;
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(folder);
    if (!entry) {
      error = errno;
      break;
    }
    const char *own = entry->d_name;
    if (own[0] == '.' && (own[1] == 0 || (own[1] == '.' && own[2] == 0))) continue;
    cs_stat_t status;
    if (cs_stat_at(fd, own, 0, &status) != 0) {
      error = errno;
      break;
    }
    if (each(context, own, &status) != 0) break;
  }
  closedir(folder);
  errno = error;
  return error ? -1 : 0;
}

ssize_t cs_copy_block(int from, int to, size_t count) {
#ifdef __linux__
  // For a small file the system sets up more than it saves.
  if (count > (1 << 16)) {
    struct stat s;
    if (fstat(from, &s) == 0 && s.st_size > (1 << 16)) {
      ssize_t n = copy_file_range(from, NULL, to, NULL, count, 0);
      if (n >= 0) return n;
    }
  }
#endif
  char buffer[1 << 16];
  ssize_t n = cs_read(from, buffer, count < sizeof buffer ? count : sizeof buffer);
  return n > 0 && cs_write_all(to, buffer, (size_t)n) != 0 ? -1 : n;
}

int cs_clone_into(int from, int to) {
#if defined(__linux__) && defined(FICLONE)
  return ioctl(to, FICLONE, from);
#else
  (void)from, (void)to;
  errno = ENOTSUP;
  return -1;
#endif
}

int cs_cores(void) {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

int cs_has_sha_extensions(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) ? (b >> 29) & 1 : 0;
#elif defined(__aarch64__) && defined(__linux__)
  return (getauxval(AT_HWCAP) >> 6) & 1;  // HWCAP_SHA2
#elif defined(__aarch64__)
  return 1;
#else
  return -1;
#endif
}
