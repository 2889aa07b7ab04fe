// SPDX-License-Identifier: MIT
#pragma once

#include "api/listen_address.hpp"
#include "config/limits.hpp"
#include "crypto/keys.hpp"
#include "export/amqp/body.hpp"
#include "monitor/address_redaction.hpp"
#include "multiformats/ip_range.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::config {

/// `Identity`. Both or neither are set; the key is the one that the id is made from.
struct Identity {
  multiformats::PeerId peer_id;
  std::shared_ptr<const crypto::PrivateKey> key;
};

/// `Addresses`, as kubo reads it.
struct Addresses {
  /// With those of transports that we don't have; listen_addresses() leaves them out.
  std::vector<multiformats::Multiaddr> swarm;
  std::vector<multiformats::Multiaddr> announce;
  std::vector<multiformats::Multiaddr> append_announce;
  std::vector<multiformats::Multiaddr> no_announce;
  std::vector<multiformats::IpRange> no_announce_ranges;
};

/// A peer and where it may be found; of `Peering.Peers`.
struct PeerEntry {
  multiformats::PeerId id;
  std::vector<multiformats::Multiaddr> addresses;  ///< without /p2p
};

/// `Bootstrap`: `auto` stands for the built-in list (see bootstrap.hpp).
struct Bootstrap {
  bool automatic = true;
  std::vector<multiformats::Multiaddr> peers;  ///< each ends in /p2p
};

/// `Traces` in the plugin's section.
struct Traces {
  bool enabled = true;
  std::string directory;  ///< the monitor's name is added to it; empty: <data-dir>/traces
  std::chrono::seconds rotate_interval{3600};
  std::uint64_t rotate_bytes = 512ULL << 20;
  std::optional<std::chrono::seconds> max_age = std::chrono::days(90);  ///< none: for ever
  /// At most one of the two is set; none: no limit.
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::uint32_t> max_percent = 80;  ///< of the file system
};

/// `Privacy` and `Exclude` in the plugin's section: what of people is recorded.
struct Privacy {
  monitor::AddressDetail addresses = monitor::AddressDetail::full;
  bool keyed_peers = false;
  std::string key_file;  ///< empty until complete(): <data-dir>/privacy.key
  std::vector<multiformats::PeerId> excluded_peers;
  std::vector<multiformats::IpRange> excluded_subnets;
};

/// `AMQP` in the plugin's section, beside the reference's `AMQPServerAddress`.
struct Amqp {
  std::vector<std::string> servers;  ///< each an address with its password; tried after the other
  exporter::amqp::Fields fields = exporter::amqp::Fields::reference;
  bool persistent = false;
  bool sent = false;  ///< whether what we send is published, too
  std::chrono::seconds heartbeat{10};
  std::size_t window = 256;           ///< unconfirmed batches
  std::chrono::seconds hold_live{0};  ///< of what nobody is bound for
  std::chrono::seconds hold_outage{600};
  std::uint64_t hold_bytes = std::uint64_t{1} << 30;  ///< of one routing key
  std::string ca_file;                                ///< empty: the system's
  std::string certificate_file;
  std::string key_file;
  bool verify_host = true;
};

/// `Spool` in the plugin's section: what waits on disk for the broker.
struct Spool {
  bool enabled = true;
  std::string directory;  ///< empty until complete(): <data-dir>/spool
  std::uint64_t max_bytes = std::uint64_t{1} << 30;
  std::uint32_t replay_rate = 200;  ///< batches per second
};

/// One of `Sinks` in the plugin's section, or what `AMQPServerAddress`, `AMQP` and `Spool` say.
struct AmqpSink {
  std::string name;  ///< unique among all sinks; a file of the spool's directory
  Amqp amqp;
  Spool spool;
};

/// One of `Sinks` in the plugin's section, or what `Traces` says.
struct TraceSink {
  std::string name;
  Traces traces;
};

/// `API` in the plugin's section, beside the reference's `HTTPServerConfig`.
struct Api {
  std::string token;       ///< what clients from elsewhere show; empty: what the file holds
  std::string token_file;  ///< empty until complete(): <data-dir>/api.token
};

/// `Peerstore` in the plugin's section: which peers are remembered that are not connected.
struct Peerstore {
  bool enabled = true;
  std::string file;  ///< empty until complete(): <data-dir>/peerstore.sqlite
  std::uint64_t max_peers = 200'000;
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  std::chrono::seconds max_age = std::chrono::days(30);
};

/// `Probe` in the plugin's section: what requests may ask of the discovery probe, and how fast it
/// asks.
struct Probe {
  std::size_t max_requests = 8;  ///< at a time
  std::size_t max_cids = 4'096;  ///< of a request
  std::chrono::seconds max_wait_before_cancel = std::chrono::hours(24);
  std::uint32_t peers_per_second = 5'000;
  std::size_t peers_at_once = 8'192;  ///< whose message is not out
};

/// `BlockStore` in the plugin's section: what peers may be given.
struct BlockStore {
  std::string directory;  ///< empty until complete(): <data-dir>/blockstore
  std::size_t max_blocks = 4'096;
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
  std::uint32_t bytes_per_second = 1 << 20;  ///< to one connection
};

/// `Plugins.Plugins.metric-export-plugin.Config`: the reference exporter's keys, and ours.
struct Monitor {
  std::chrono::seconds populate_prometheus_interval{10};
  std::uint64_t agent_version_cut_off = 20;
  bool enable_bitswap_discovery_probe = false;
  Probe probe;
  std::string amqp_server_address;  ///< one or several, with passwords
  Amqp amqp;
  Spool spool;
  std::string monitor_name;  ///< empty until complete(): the host's name
  std::vector<api::ListenAddress> http_listen_addresses{{.host = "localhost", .port = 8432}};
  Api api;
  Traces traces;
  std::vector<AmqpSink> more_amqp_sinks;    ///< of `Sinks`
  std::vector<TraceSink> more_trace_sinks;  ///< the same
  Peerstore peerstore;
  BlockStore block_store;
  Privacy privacy;
  std::string contact;  ///< stands in the agent version; may be empty
};

/// `Mexport.Network`.
enum class Network : std::uint8_t {
  automatic,  ///< not given: private when a listener is private or loopback
  public_network,
  private_network,
};

/// `Mexport.Security.Prefer`: what a listener makes of peers that propose TLS first.
enum class Security : std::uint8_t {
  noise,    ///< asks them for Noise
  offered,  ///< takes TLS
};

/// `Mexport`: what concerns the node rather than the monitor.
struct Node {
  Network network = Network::automatic;
  unsigned shards = 0;  ///< 0: one per core
  /// The longest that what has come waits so that a shard reads more of it at once. 0: never.
  std::chrono::milliseconds rest_between_reads{10};
  Limits limits;
  Security security = Security::noise;
  bool answer_dont_have = true;  ///< `Bitswap.AnswerDontHave`
  bool lift_rates = false;       ///< --no-limits; no key
};

/// The configuration: a kubo-shaped document, its defaults filled in.
struct Config {
  std::optional<Identity> identity;  ///< none: the data directory's
  Addresses addresses;
  std::vector<multiformats::IpRange> address_filters;  ///< `Swarm.AddrFilters`
  Bootstrap bootstrap;
  std::vector<PeerEntry> peering;
  Monitor monitor;
  Node node;
};

/// All that publish and all that write traces, those of `Sinks` behind the others.
std::vector<AmqpSink> amqp_sinks(const Monitor& monitor);
std::vector<TraceSink> trace_sinks(const Monitor& monitor);

/// All defaults: what `mexport run` uses without a file.
Config default_config();

/// The part of Addresses.Swarm that we have a transport for: /ip4|ip6/…/tcp/N.
std::vector<multiformats::Multiaddr> listen_addresses(const Config& config);

}  // namespace mexport::config
