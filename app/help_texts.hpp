// SPDX-License-Identifier: MIT
#pragma once

/// Longer texts of `--help`.
namespace mexport::app {

inline constexpr const char* kListenHelp =
    "Listen on this address instead of the configured ones; port 0 takes a free one";
inline constexpr const char* kPeerHelp =
    "Keep a connection to this peer; the address ends in /p2p/<id>";
inline constexpr const char* kApiHelp =
    "Serve the HTTP API on this host:port instead of the configured ones; port 0 takes a free one";
inline constexpr const char* kNoLimitsHelp =
    "Lift the limits per IP address and subnet and those on rates, never those on memory";
inline constexpr const char* kDemoHelp =
    "Start N (default 50) small peers in this process that ask for CIDs over loopback";
inline constexpr const char* kLogLevelHelp =
    "LEVEL or component=LEVEL, joined by commas; trace, debug, info, warn, error, off";

inline constexpr const char* kWindowHelp =
    "How far apart the same event may stand, and a record be out of order [10]";

inline constexpr const char* kProgramFooter =
    "Examples:\n"
    "  mexport run --demo                   see the whole path at work, without a network\n"
    "  mexport run                          record what an IPFS node hears\n"
    "  mexport trace cat ~/.mexport/traces  print what has been recorded\n"
    "Each command has its own --help.";

inline constexpr const char* kRunFooter =
    "Prints `listening on <address>/p2p/<peer id>` for each address, `api on "
    "http://<host:port>`\n"
    "for each of the API's, then `ready`.\n"
    "SIGINT and SIGTERM stop it, SIGHUP begins new log and trace files.\n"
    "Examples:\n"
    "  mexport run --demo\n"
    "  mexport run --listen /ip4/127.0.0.1/tcp/0 --log-level warn,node=debug\n"
    "  mexport run --peer /ip4/203.0.113.7/tcp/4001/p2p/12D3KooW…";

inline constexpr const char* kProbeFooter =
    "The node must have EnableBitswapDiscoveryProbe. Ends with 0 when it has asked, whatever\n"
    "the peers said; Ctrl-C takes back what has not been sent.\n"
    "Examples:\n"
    "  mexport probe bafkrei…\n"
    "  mexport probe --agent kubo/ --cancel-after 5 --csv --file cids.txt >answers.csv\n"
    "  mexport probe --api 192.0.2.1:8432 --token-file token bafkrei…";

inline constexpr const char* kCompareFooter =
    "Reads traces, logs of the reference's client and dumps of AMQP bodies; which, it sees.\n"
    "Ends with 0 however much differs, with 1 when a part of a record cannot be read.\n"
    "Examples:\n"
    "  mexport compare ~/.mexport/traces/mon1 /var/log/client/mon1\n"
    "  mexport compare --list 10 --from 2026-11-22T20:00:00Z traces/mon1 traces/mon2\n"
    "  mexport compare --json traces/mon1 bodies/";

}  // namespace mexport::app
