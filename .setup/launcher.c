// bin/atelier of a package: starts the program by the loader and the libraries that lie beside it,
// wherever the package was unpacked. Linked statically, so that it needs no loader itself.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static const char *const loaders[] = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};

static int cut(char *path) {
  char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path) return -1;
  *slash = 0;
  return 0;
}

int main(int count, char **words) {
  char root[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", root, sizeof root - 1);
  if (length >= 0) {
    root[length] = 0;
  } else if (realpath((const char *)getauxval(AT_EXECFN), root) == NULL) {
    fprintf(stderr, "atelier: cannot find where it lies: %s\n", strerror(errno));
    return 70;
  }
  if (cut(root) != 0 || cut(root) != 0) {
    fprintf(stderr, "atelier: %s is not in the folder bin of a package\n", root);
    return 70;
  }
  char loader[PATH_MAX + 64], libraries[PATH_MAX + 64], program[PATH_MAX + 64], locales[PATH_MAX + 64];
  snprintf(libraries, sizeof libraries, "%s/runtime", root);
  snprintf(program, sizeof program, "%s/libexec/atelier", root);
  snprintf(locales, sizeof locales, "%s/runtime/locale", root);
  setenv("LOCPATH", locales, 0);
  char **all = calloc((size_t)count + 8, sizeof *all);
  if (all == NULL) return 70;
  int at = 1;
  all[at++] = "--argv0";
  all[at++] = count > 0 ? words[0] : program;
  all[at++] = "--library-path";
  all[at++] = libraries;
  all[at++] = program;
  for (int i = 1; i < count; i++) all[at++] = words[i];
  for (size_t i = 0; i < sizeof loaders / sizeof *loaders; i++) {
    snprintf(loader, sizeof loader, "%s/runtime/%s", root, loaders[i]);
    all[0] = loader;
    execv(loader, all);
  }
  fprintf(stderr, "atelier: cannot start %s/runtime/%s (%s); unpack the package again\n", root, loaders[0],
          strerror(errno));
  return 70;
}
