// A libnvidia-ml.so.1 for tests: nvml.h's names and layouts, told by macros and the environment what to be.
//   -DCOUNT=n      cards; -DLOST=i card i has fallen off the bus; -DINIT=n what nvmlInit answers
//   -DDRIVER=\"..\" its version; -DOLD: a library of before 2021 (no v2/v3, no events, no fields)
//   -DRECOVERY=n what the driver wants done of each card; -DXID_FILE=\"..\": the third card reports a 79 if this file
//                is there, which is gone then
//   -DXIDS=\"79,45\" what the third card reports, one after the other
//   -DSLOW_FILE=\"..\": while this file exists, reading the power takes 5 s
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef COUNT
#define COUNT 8
#endif
#ifndef LOST
#define LOST -1
#endif
#ifndef INIT
#define INIT 0
#endif
#ifndef RECOVERY
#define RECOVERY 1
#endif
#ifndef DRIVER
#define DRIVER "550.54.15"
#endif

typedef struct { unsigned gpu, memory; } rates;
typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory2;
typedef struct { unsigned long long total, free, used; } memory1;
typedef struct { char old[16]; unsigned domain, bus, device, id, sub; char bus_id[32]; } pci;
typedef struct { unsigned pid; unsigned long long used; unsigned gi, ci; } process;
typedef struct { void *device; unsigned long long type, data; unsigned gi, ci; } event;
typedef struct { unsigned id, scope; long long at, latency; int type, rc; union { unsigned ui; unsigned long long ull; } value; } field;

static int index_of(void *d) { return (int) (long) d - 1; }

int nvmlInit_v2(void) { return INIT; }
int nvmlSystemGetDriverVersion(char *to, unsigned n) { strncpy(to, DRIVER, n); return 0; }
int nvmlSystemGetCudaDriverVersion_v2(int *to) { *to = 12040; return 0; }
int nvmlDeviceGetCount_v2(unsigned *to) { *to = COUNT; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **to) {
  if ((int) i == LOST) return 15;
  *to = (void *) (long) (i + 1);
  return 0;
}
int nvmlDeviceGetName(void *d, char *to, unsigned n) { strncpy(to, "Fake H100", n); return 0; }
int nvmlDeviceGetUUID(void *d, char *to, unsigned n) { strncpy(to, "GPU-0000", n); to[4] += index_of(d); return 0; }
int nvmlDeviceGetPciInfo_v3(void *d, pci *to) { strcpy(to->bus_id, "00000000:01:00.0"); return 0; }
int nvmlDeviceGetCudaComputeCapability(void *d, int *major, int *minor) { *major = 8; *minor = 9; return 0; }
int nvmlDeviceGetUtilizationRates(void *d, rates *to) { to->gpu = 97; to->memory = 40; return 0; }
int nvmlDeviceGetMemoryInfo(void *d, memory1 *to) { to->total = 80000; to->free = 60000; to->used = 20000; return 0; }
int nvmlDeviceGetTemperature(void *d, int sensor, unsigned *to) { *to = 61; return 0; }
int nvmlDeviceGetPowerUsage(void *d, unsigned *to) {
#ifdef SLOW_FILE
  if (access(SLOW_FILE, F_OK) == 0) sleep(5);
#endif
  *to = 312500;
  return 0;
}
int nvmlDeviceGetEnforcedPowerLimit(void *d, unsigned *to) {
  if (index_of(d) == 1) return 3;
  *to = 450000;
  return 0;
}
int nvmlDeviceGetClockInfo(void *d, int what, unsigned *to) { *to = what == 1 ? 2520 : 10501; return 0; }
int nvmlDeviceGetMaxClockInfo(void *d, int what, unsigned *to) { *to = what == 1 ? 3105 : 10501; return 0; }
int nvmlDeviceGetEccMode(void *d, unsigned *now, unsigned *then) { *now = 1; *then = 1; return 0; }
int nvmlDeviceGetTotalEccErrors(void *d, int what, int since, unsigned long long *to) {
  *to = what == 1 && since == 1 ? 7 : 0;
  return 0;
}
int nvmlDeviceGetMaxPcieLinkGeneration(void *d, unsigned *to) { *to = 5; return 0; }
int nvmlDeviceGetMaxPcieLinkWidth(void *d, unsigned *to) { *to = 16; return 0; }
int nvmlDeviceGetCurrPcieLinkGeneration(void *d, unsigned *to) { *to = 1; return 0; }
int nvmlDeviceGetCurrPcieLinkWidth(void *d, unsigned *to) { *to = 8; return 0; }
int nvmlDeviceGetPcieReplayCounter(void *d, unsigned *to) { *to = 3; return 0; }
int nvmlDeviceGetRetiredPages(void *d, int cause, unsigned *count, unsigned long long *pages) {
  *count = cause == 1 ? 2 : 0;
  return cause == 1 ? 7 : 0;
}
int nvmlDeviceGetRetiredPagesPendingStatus(void *d, unsigned *to) { *to = 0; return 0; }

#ifdef OLD
int nvmlDeviceGetCurrentClocksThrottleReasons(void *d, unsigned long long *to) { *to = 0x1; return 0; }
#else
int nvmlDeviceGetMemoryInfo_v2(void *d, memory2 *to) {
  if (to->version != (40 | 2 << 24)) return 25;
#ifdef ANOTHER_MEMORY
  return 25;
#endif
  to->total = 80000; to->reserved = 500; to->free = 60000; to->used = 19500;
  return 0;
}
int nvmlDeviceGetCurrentClocksEventReasons(void *d, unsigned long long *to) { *to = index_of(d) == 3 ? 0x40 | 0x4 : 0x4; return 0; }
int nvmlDeviceGetMigMode(void *d, unsigned *now, unsigned *then) { *now = 0; *then = 0; return 0; }
int nvmlDeviceGetRemappedRows(void *d, unsigned *c, unsigned *u, unsigned *pending, unsigned *failed) {
  *c = 0; *u = 1; *pending = 1; *failed = 0;
  return 0;
}
int nvmlDeviceGetNvLinkState(void *d, unsigned link, unsigned *on) {
  if (link >= 4) return 2;
  *on = link < 3;
  return 0;
}
static int processes(unsigned *count, process *list) {
  if (*count < 2) { *count = 2; return 7; }
  *count = 2;
  list[0].pid = 4242; list[0].used = 1000;
  list[1].pid = 4243; list[1].used = ~0ull;
  return 0;
}
int nvmlDeviceGetComputeRunningProcesses_v2(void *d, unsigned *count, process *list) { return processes(count, list); }
#ifdef LONG_PROCESSES
// Of the first drivers of branch 535: 32 bytes under the same name.
int nvmlDeviceGetComputeRunningProcesses_v3(void *d, unsigned *count, process *list) {
  if (*count < 2) { *count = 2; return 7; }
  *count = 2;
  memset(list, 0xee, 64);
  return 0;
}
#else
int nvmlDeviceGetComputeRunningProcesses_v3(void *d, unsigned *count, process *list) { return processes(count, list); }
#endif
int nvmlDeviceGetFieldValues(void *d, int n, field *to) {
  for (int i = 0; i < n; i++) {
    to[i].rc = to[i].id == 230 ? 0 : 3;
    to[i].value.ui = RECOVERY;
  }
  return 0;
}
#ifndef XIDS
#define XIDS "79"
#endif
static const char *xids = XIDS;
int nvmlEventSetCreate(void **to) { *to = (void *) 99L; return 0; }
int nvmlDeviceRegisterEvents(void *d, unsigned long long types, void *set) { return types & 0x2 ? 3 : 0; }
int nvmlEventSetWait_v2(void *set, event *to, unsigned ms) {
#ifdef XID_FILE
  if (unlink(XID_FILE)) return 10;
  xids = "79";
#endif
  if (!*xids) return 10;
  char *rest;
  to->device = (void *) 3L; to->type = 8; to->data = strtoul(xids, &rest, 10);
  xids = *rest ? rest + 1 : rest;
  return 0;
}
#endif
