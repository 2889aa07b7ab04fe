/* SPDX-License-Identifier: MIT */
/*
 * mexport behind a C ABI: what a program with a libp2p host of its own, such as kubo, hands to the
 * monitor and what the monitor wants of it. docs/capi.md has the whole of it with examples.
 *
 * The other way round from mexport's own node, the host's connections, messages and peers come in
 * as batches of records; events to RabbitMQ and files, the HTTP API, metrics and the discovery
 * probe are the same code.
 *
 * Nothing here calls back, throws, installs signal handlers, forks, or touches locale, stdio or
 * environment. The library's threads block all signals. Unless said otherwise every function may be
 * called from any thread at any time.
 *
 * Encoding of batches: all integers little-endian without alignment.
 *   text, bytes:  u16 length, then that many bytes        (text is UTF-8)
 *   long bytes:   u32 length, then that many bytes
 *   peer:         bytes; the binary peer id (a multihash)
 *   address:      bytes; a binary multiaddr, without /p2p
 *   list of X:    u32 count, then that many X
 *   time:         i64, nanoseconds since 1970-01-01T00:00:00Z
 * A batch is any number of records one after the other. A record is
 *   u32 size      of the whole record, this field included
 *   u8  kind      MEXPORT_RECORD_...
 *   u8  flags     MEXPORT_FLAG_... of that kind, all others 0
 *   u16           0
 *   time          when it was seen
 *   ...           the fields of its kind, up to the end of the record
 */
#ifndef MEXPORT_H
#define MEXPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. A caller that was built with another one must not go on. */
#define MEXPORT_ABI_VERSION 1u

/* What the functions return when they fail; all below 0. */
enum {
  MEXPORT_MALFORMED = -1, /* a batch or a text does not follow this header */
  MEXPORT_STOPPED = -2,   /* the monitor has been stopped */
  MEXPORT_FAILED = -3     /* out of memory, or an error inside that was logged */
};

/* One monitor. Several may run in one process. */
typedef struct mexport_monitor mexport_monitor;

/* The version of the library: compare it with MEXPORT_ABI_VERSION before anything else. */
uint32_t mexport_abi_version(void);

/*
 * Starts a monitor: its threads, sinks, HTTP API. `options` is a JSON object in `size` bytes:
 *   {"config": {...},             the section Plugins.Plugins.metric-export-plugin.Config; may be
 * null "data_dir": "/path",         an absolute folder for traces, spool, peer store and token; is
 * made "host": {"peer_id": "12D3KooW...", "listen_addrs": ["/ip4/.../tcp/4001"], "agent_version":
 * "kubo/0.43.0/"}} Returns NULL when it cannot be: `error` then holds a line (or some) for the
 * operator that says what is wrong and where, cut to `capacity` bytes with its final 0. Nothing is
 * left behind then.
 */
mexport_monitor* mexport_start(const char* options, size_t size, char* error, size_t capacity);

/*
 * Hands over a batch. Copies what it needs before it returns; never waits for disk or network. A
 * batch with one malformed record is refused whole, counted, and MEXPORT_MALFORMED returned.
 * Otherwise returns the number of its records. Events that do not fit the bounded queue are
 * dropped, counted and named as gaps, as everywhere in mexport. One thread at a time.
 */
int64_t mexport_submit(mexport_monitor* monitor, const uint8_t* batch, size_t size);

/*
 * Waits for a command, for `timeout_ms` at most (0: looks only; below 0: without end), and copies
 * it into `buffer`: a JSON object, without a final 0. Returns its size; 0 when there was none in
 * time; a size above `capacity` when it does not fit: it then stays the next one. MEXPORT_STOPPED
 * once the monitor is stopped and all commands have been fetched. One thread at a time.
 *
 *   {"command": "log", "level": "info", "component": "amqp", "text": "..."}
 *       level: trace, debug, info, warn, error. At most 4096 wait; what is lost is counted in a
 * line.
 *   {"command": "message", "message": 7,
 *    "frames": [{"protocol": "/ipfs/bitswap/1.2.0", "frame": "<base64>"}, ...]}
 *       A message of the probe, with its varint length, in the form of each protocol, best first.
 *   {"command": "send", "send": 12, "message": 7, "peer": "12D3KooW...", "timeout_ms": 30000}
 *       Send that message to that peer over a stream of the first of these protocols that it
 *       speaks; answer with a MEXPORT_RECORD_SENT, whatever happens.
 *   {"command": "forget", "message": 7}
 *       No send names this message any more.
 */
int64_t mexport_next_command(mexport_monitor* monitor, char* buffer, size_t capacity,
                             int timeout_ms);

/*
 * The metrics of the monitor in Prometheus' text format: those of the reference
 * (plugin_metric_export_...) and mexport's own (mexport_...), none of the process. Copies up to
 * `capacity` bytes and returns the whole size; ask again with more room when that is larger. The
 * text is made anew at each call. May take tens of milliseconds.
 */
int64_t mexport_metrics(mexport_monitor* monitor, char* buffer, size_t capacity);

/* Where the HTTP API listens: URLs, one a line. As mexport_metrics(). */
int64_t mexport_api_urls(mexport_monitor* monitor, char* buffer, size_t capacity);

/*
 * Ends the API, sends what CANCELs are due (as commands: keep fetching, and submitting, meanwhile),
 * writes everything that was submitted, and ends all threads; waits for `timeout_ms` at most for
 * each of network and sinks. Idempotent. Afterwards mexport_submit() and mexport_next_command()
 * return MEXPORT_STOPPED.
 */
void mexport_stop(mexport_monitor* monitor, int timeout_ms);

/* Stops, and frees it. No other call may be under way. NULL is ignored. */
void mexport_free(mexport_monitor* monitor);

/* Kinds of records. */
enum {
  /* A Bitswap message was received.
   *   peer
   *   u8 protocol          MEXPORT_BITSWAP_..., 0 where it is not known
   *   u32 size             of the protobuf as it came, with blocks; 0 where it is not known
   *   list of { bytes cid; u32 size }   its blocks
   *   long bytes           the protobuf (Bitswap 1.1 or newer) without `blocks` and `payload`
   * From a peer without a connection (answers fetched over HTTP) it is counted and not recorded. */
  MEXPORT_RECORD_MESSAGE = 1,
  /* A Bitswap message of the host's own server was sent: as MEXPORT_RECORD_MESSAGE. */
  MEXPORT_RECORD_MESSAGE_SENT = 2,
  /* A connection was opened, or is found open at the start.
   *   peer
   *   text connection      unique among the host's connections
   *   address remote, address local
   *   time opened
   *   text security, text muxer, text transport   as the host calls them
   *   flags: MEXPORT_FLAG_OUTBOUND, MEXPORT_FLAG_RELAYED */
  MEXPORT_RECORD_CONNECTED = 3,
  /* A connection was closed.
   *   text connection */
  MEXPORT_RECORD_DISCONNECTED = 4,
  /* A peer has told who it is.
   *   text connection
   *   text agent_version, text protocol_version
   *   list of text protocols
   *   list of address listen_addrs
   *   address observed     ours, as the peer sees it; empty when not told
   *   long bytes           the signed peer record's envelope; empty when none came
   *   flags: MEXPORT_FLAG_FAILED: identify failed; then one more field, text error, and all
   *          others are empty */
  MEXPORT_RECORD_IDENTIFIED = 5,
  /* Records that the caller could not hand over since its queue was full.
   *   u8 kind              MEXPORT_RECORD_... of theirs
   *   u64 count */
  MEXPORT_RECORD_LOST = 6,
  /* The streams that are open now; the last such record is the truth.
   *   list of { text protocol; u32 inbound; u32 outbound } */
  MEXPORT_RECORD_STREAMS = 7,
  /* What the host knows of connected peers now; any number of them a record.
   *   list of { peer; i64 latency in ns, 0 where unknown; text agent_version; list of text
   * protocols } */
  MEXPORT_RECORD_PEERS = 8,
  /* How a "send" command went.
   *   u64 send
   *   u8 protocol          MEXPORT_BITSWAP_... that the stream speaks; 0 when nothing was written
   *   time before          right before the message was written, or the sending failed
   *   i64 took             ns, until it was out or given up
   *   text error           empty: it is out */
  MEXPORT_RECORD_SENT = 9,
  /* What the host listens on and announces now.
   *   list of address */
  MEXPORT_RECORD_ADDRESSES = 10
};

enum {
  MEXPORT_FLAG_OUTBOUND = 1, /* the host dialled */
  MEXPORT_FLAG_RELAYED = 2,  /* over a relay, with limits */
  MEXPORT_FLAG_FAILED = 4
};

/* Bitswap's protocols. */
enum {
  MEXPORT_BITSWAP_UNVERSIONED = 1, /* /ipfs/bitswap */
  MEXPORT_BITSWAP_1_0_0 = 2,
  MEXPORT_BITSWAP_1_1_0 = 3,
  MEXPORT_BITSWAP_1_2_0 = 4
};

/* Of one record and of one batch: a larger one is malformed. */
#define MEXPORT_MAX_RECORD_SIZE (16u << 20)
#define MEXPORT_MAX_BATCH_SIZE (64u << 20)

#ifdef __cplusplus
}
#endif

#endif
