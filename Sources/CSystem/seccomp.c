// Refuses sockets by a filter on system calls: Landlock knows TCP ports only.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <stddef.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifdef __x86_64__
static const unsigned architecture = AUDIT_ARCH_X86_64;
#else
static const unsigned architecture = AUDIT_ARCH_AARCH64;
#endif
enum { io_uring_setup = 425, io_uring_register = 427, x32_bit = 0x40000000 };

int cs_can_filter(void) { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE (SECCOMP_RET_ERRNO | EACCES)

int cs_refuse_sockets(void) {
  struct sock_filter code[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0),
      RETURN(SECCOMP_RET_ERRNO | ENOSYS),  // calls of another architecture, whose numbers differ
      LOAD(nr),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, x32_bit, 0, 1),
      RETURN(SECCOMP_RET_ERRNO | ENOSYS),
      // A ring makes sockets without the call.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, io_uring_setup, 0, 2),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, io_uring_register, 1, 0),
      RETURN(SECCOMP_RET_ERRNO | ENOSYS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
      RETURN(SECCOMP_RET_ALLOW),
      LOAD(args[0]),  // the lower half: the architectures above are little-endian
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
      RETURN(SECCOMP_RET_ALLOW),
      RETURN(REFUSE),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#else
int cs_can_filter(void) { return 0; }

int cs_refuse_sockets(void) {
  errno = ENOSYS;
  return -1;
}
#endif
