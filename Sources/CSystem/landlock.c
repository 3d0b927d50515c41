// Confinement by Landlock, by raw system calls: the C library has no wrappers and headers are old.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { create_ruleset = 444, add_rule = 445, restrict_self = 446 };  // on every architecture

// The bits of linux/landlock.h.
static const uint64_t execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, read_dir = 1 << 3,
                      refer = 1 << 13, truncate_file = 1 << 14, ioctl_dev = 1 << 15,
                      first_abi = (1 << 13) - 1;

struct path_rule {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

int cs_landlock_abi(void) {
  long abi = syscall(create_ruleset, NULL, 0, 1 /* VERSION */);
  return abi > 0 ? (int)abi : 0;
}

/// Every file right that this kernel can take away.
static uint64_t handled(void) {
  int abi = cs_landlock_abi();
  return first_abi | (abi >= 2 ? refer : 0) | (abi >= 3 ? truncate_file : 0) |
         (abi >= 5 ? ioctl_dev : 0);
}

int cs_landlock_begin(void) {
  // landlock_ruleset_attr: file rights, rights of TCP ports, and what is scoped to the confined
  // processes: abstract sockets and signals. An older kernel knows the first field only.
  uint64_t attributes[3] = {handled(), 0, (1 << 0) | (1 << 1)};
  size_t size = cs_landlock_abi() >= 6 ? sizeof attributes : sizeof attributes[0];
  return (int)syscall(create_ruleset, attributes, size, 0);  // close-on-exec by itself
}

int cs_landlock_allow(int ruleset, const char *path, char mode) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return -1;
  uint64_t rights = handled();
  if (mode == 'l') rights &= read_dir;
  else if (mode != 'w') rights &= read_file | read_dir | (mode == 'x' ? execute : 0);
  struct stat status;
  long rc = fstat(fd, &status);
  if (rc == 0) {
    if (!S_ISDIR(status.st_mode))
      rights &= execute | write_file | read_file | truncate_file | ioctl_dev;
    struct path_rule rule = {rights, fd};
    rc = syscall(add_rule, ruleset, 1 /* PATH_BENEATH */, &rule, 0);
  }
  int error = errno;
  close(fd);
  errno = error;
  return (int)rc;
}

// What a process as root keeps: owners and modes of its own files, and other users' numbers.
static const unsigned kept = 1 << 0 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7;

int cs_drop_capabilities(void) {
  struct {
    uint32_t version;
    int pid;
  } header = {0x20080522, 0};
  struct {
    uint32_t effective, permitted, inheritable;
  } sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    uint32_t mask = i == 0 ? kept : 0;
    sets[i].effective &= mask;
    sets[i].permitted &= mask;
    sets[i].inheritable &= mask;
  }
  return (int)syscall(SYS_capset, &header, sets);
}

int cs_landlock_enforce(int ruleset) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(restrict_self, ruleset, 0);
}
#else
int cs_landlock_abi(void) { return 0; }

static int missing(void) {
  errno = ENOSYS;
  return -1;
}

int cs_landlock_begin(void) { return missing(); }
int cs_landlock_allow(int ruleset, const char *path, char mode) { return missing(); }
int cs_landlock_enforce(int ruleset) { return missing(); }
int cs_drop_capabilities(void) { return 0; }
#endif
