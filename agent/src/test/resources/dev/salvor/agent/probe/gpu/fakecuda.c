// A libcuda.so.1 for tests: cuda.h's names, told by macros what to be.
//   -DINIT=n what cuInit answers; -DCOUNT=n devices; -DVERSION=n; -DALLOC=n what cuMemAlloc answers; -DHANG: cuInit takes 60 s; -DNO_ALLOC: no cuMemAlloc
#include <string.h>
#include <unistd.h>
#ifndef INIT
#define INIT 0
#endif
#ifndef COUNT
#define COUNT 2
#endif
#ifndef VERSION
#define VERSION 12040
#endif
#ifndef ALLOC
#define ALLOC 0
#endif
int cuInit(unsigned flags) {
#ifdef HANG
  sleep(60);
#endif
  return INIT;
}
int cuDriverGetVersion(int *to) { *to = VERSION; return 0; }
int cuDeviceGetCount(int *to) { *to = COUNT; return 0; }
int cuDeviceGet(int *to, int ordinal) { *to = ordinal; return 0; }
int cuCtxCreate_v2(void **to, unsigned flags, int device) { *to = (void *) 1L; return 0; }
int cuDeviceGetName(char *to, int n, int device) { strncpy(to, "Fake RTX 4090", n); return 0; }
#ifndef NO_ALLOC
int cuMemAlloc_v2(unsigned long long *to, unsigned long bytes) { *to = 4096; return bytes == 1 << 20 ? ALLOC : 1; }
#endif
int cuMemFree_v2(unsigned long long at) { return at == 4096 ? 0 : 1; }
int cuCtxDestroy_v2(void *context) { return context == (void *) 1L ? 0 : 201; }
