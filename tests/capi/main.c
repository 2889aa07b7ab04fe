/* SPDX-License-Identifier: MIT */
/* The C ABI as a program in C uses it: a monitor is started, fed, asked and stopped.
 *
 * usage: capi_test DIRECTORY   (made anew by the caller) */
#include "capi/mexport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                        \
    }                                                                 \
  } while (0)

static unsigned char record[512];
static size_t used;

static void integer(unsigned long long value, int size) {
  for (int i = 0; i < size; ++i) record[used++] = (unsigned char)(value >> (8 * i));
}

static void bytes(const void* data, size_t size) {
  integer(size, 2);
  memcpy(record + used, data, size);
  used += size;
}

static void text(const char* value) {
  bytes(value, strlen(value));
}

static void begin(unsigned kind) {
  used = 0;
  integer(0, 4);
  integer(kind, 1);
  integer(0, 3);
  integer(0, 8);
}

static void end(void) {
  const size_t size = used;
  used = 0;
  integer(size, 4);
  used = size;
}

static void peer(void) {
  unsigned char id[34] = {0x12, 0x20};
  memset(id + 2, 7, 32);
  bytes(id, sizeof id);
}

static void connected(void) {
  static const unsigned char address[] = {4, 192, 0, 2, 1, 6, 0x0f, 0xa1};
  begin(MEXPORT_RECORD_CONNECTED);
  peer();
  text("c1");
  bytes(address, sizeof address);
  bytes(address, sizeof address);
  integer(0, 8);
  text("/noise");
  text("/yamux/1.0.0");
  text("tcp");
  end();
}

static mexport_monitor* start(const char* directory, const char* section, char* error,
                              size_t size) {
  char options[1024];
  const int length = snprintf(options, sizeof options,
                              "{\"config\":%s,\"data_dir\":\"%s\",\"host\":{\"peer_id\":"
                              "\"12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx\","
                              "\"listen_addrs\":[\"/ip4/127.0.0.1/tcp/4001\"],"
                              "\"agent_version\":\"c/1\"}}",
                              section, directory);
  CHECK(length > 0 && (size_t)length < sizeof options);
  return mexport_start(options, (size_t)length, error, size);
}

static void check_metrics(mexport_monitor* monitor, const char* line) {
  const int64_t size = mexport_metrics(monitor, NULL, 0);
  CHECK(size > 0);
  char* page = calloc((size_t)size + 4096, 1);
  CHECK(page != NULL);
  CHECK(mexport_metrics(monitor, page, (size_t)size + 4095) > 0);
  if (strstr(page, line) == NULL) fprintf(stderr, "no '%s' in\n%s", line, page);
  CHECK(strstr(page, line) != NULL);
  CHECK(strstr(page, "process_resident_memory_bytes") == NULL);
  CHECK(strstr(page, "ipfs_p2p_peers_total") == NULL);
  free(page);
}

static void refuses(const char* directory) {
  char error[256];
  CHECK(start(directory, "{\"Probe\":{\"MaxCids\":\"x\"}}", error, sizeof error) == NULL);
  CHECK(strstr(error, "metric-export-plugin.Config.Probe.MaxCids") != NULL);
  char cut[8];
  CHECK(start(directory, "{\"Probe\":{\"MaxCids\":\"x\"}}", cut, sizeof cut) == NULL);
  CHECK(strlen(cut) == sizeof cut - 1);
  CHECK(mexport_start("{", 1, error, sizeof error) == NULL);
  CHECK(strstr(error, "JSON") != NULL);
  CHECK(mexport_submit(NULL, NULL, 0) == MEXPORT_STOPPED);
}

static void runs(const char* directory) {
  char error[1024];
  mexport_monitor* monitor =
      start(directory,
            "{\"MonitorName\":\"c\",\"HTTPServerConfig\":{\"ListenAddresses\":[\"127.0.0.1:0\"]}}",
            error, sizeof error);
  if (monitor == NULL) fprintf(stderr, "%s\n", error);
  CHECK(monitor != NULL);
  char urls[256] = "";
  CHECK(mexport_api_urls(monitor, urls, sizeof urls) > 0);
  CHECK(strncmp(urls, "http://127.0.0.1:", 17) == 0);

  connected();
  CHECK(mexport_submit(monitor, record, used) == 1);
  CHECK(mexport_submit(monitor, record, used - 1) == MEXPORT_MALFORMED);
  CHECK(mexport_submit(monitor, record, 0) == 0);
  check_metrics(monitor, "mexport_connections_opened_total 1");
  check_metrics(monitor, "name=\"host_batches_malformed\"} 1");

  char command[4096];
  int64_t size = mexport_next_command(monitor, command, 1, 1000);
  CHECK(size > 1);
  int refusal = 0;
  while ((size = mexport_next_command(monitor, command, sizeof command, 0)) > 0) {
    CHECK((size_t)size < sizeof command);
    command[size] = '\0';
    CHECK(strncmp(command, "{\"command\":\"log\"", 16) == 0);
    if (strstr(command, "is refused: record 0") != NULL) refusal = 1;
  }
  CHECK(size == 0);
  CHECK(refusal);

  mexport_stop(monitor, 2000);
  mexport_stop(monitor, 2000);
  CHECK(mexport_submit(monitor, record, used) == MEXPORT_STOPPED);
  while ((size = mexport_next_command(monitor, command, sizeof command, -1)) > 0) {
  }
  CHECK(size == MEXPORT_STOPPED);
  check_metrics(monitor, "mexport_connections_opened_total 1");
  mexport_free(monitor);
  mexport_free(NULL);
}

int main(int argc, char** argv) {
  CHECK(argc == 2);
  CHECK(mexport_abi_version() == MEXPORT_ABI_VERSION);
  refuses(argv[1]);
  runs(argv[1]);
  runs(argv[1]); /* as often as one likes */
  puts("passed");
  return 0;
}
