# SPDX-License-Identifier: MIT
"""The reference's board: what its users look at, from our nodes, its plugin, its Rust client and its size estimator."""

from panels import WIDTH, Board, Query, Row, bars, graph, label_values, number

HYPERGEOMETRIC = "monitoring_size_estimator_hypergeom_size_estimate"
COUPON = "monitoring_size_estimator_coupon_size_estimate"
EVERYONE = 'protocol="",agent_version=""'
BY_AGENT = 'protocol="",agent_version!=""'
BY_PROTOCOL = 'protocol!="",agent_version=""'
KAD = 'plugin_metric_export_peers_supported_protocols{instance=~"$instance",protocol="/ipfs/kad/1.0.0"}'
PEERS = 'plugin_metric_export_peers_by_agent_version{instance=~"$instance"}'
SERVERS = f"(sum({KAD}) by (instance) or sum({PEERS}) by (instance) * 0)"  # without one there is no series
THIRD = WIDTH // 3


def received(series, *by, **labels):
    """A rate of what the Rust client counted, by these labels."""
    chosen = "".join(f',{name}="{value}"' for name, value in labels.items())
    return f'sum(rate({series}{{monitor=~"$monitor"{chosen}}}[$__rate_interval])) by ({", ".join(by)})'


def by_country(series, period):
    return (f'topk(10, sum(increase({series}{{monitor=~"$monitor"}}[{period}])) by (origin_country))', "{{origin_country}}")


def countries(what, series):
    """Now, and over three periods."""
    now = graph(f"{what} by origin, now", Query(f"topk(10, {received(series, 'origin_country')})", "{{origin_country}}"),
                unit="cps", width=WIDTH // 4)
    over = [bars(f"{what} by origin, {text}", Query(*by_country(series, period)), width=WIDTH // 4)
            for text, period in (("24 h", "24h"), ("7 d", "7d"), ("30 d", "30d"))]
    return (now, *over)


SIZE = Row("Network size", (
    number("Average of the estimates", Query(
        f"avg({HYPERGEOMETRIC}{{{EVERYONE}}} or {COUPON}{{{EVERYONE}}})", "peers"), width=THIRD),
    graph("By estimator", Query(f"{HYPERGEOMETRIC}{{{EVERYONE}}}", "hypergeometric, {{monitor_pair}}"),
          Query(f"{COUPON}{{{EVERYONE}}}", "coupon collector"), width=2 * THIRD),
    bars("By agent version, now", Query(f"topk(10, {COUPON}{{{BY_AGENT}}})", "{{agent_version}}")),
    graph("By agent version", Query(f"topk(10, {COUPON}{{{BY_AGENT}}})", "{{agent_version}}")),
    graph("By protocol, coupon collector", Query(f"topk(10, {COUPON}{{{BY_PROTOCOL}}})", "{{protocol}}")),
    graph("By protocol, hypergeometric",
          Query(f"topk(10, avg({HYPERGEOMETRIC}{{{BY_PROTOCOL}}}) by (protocol))", "{{protocol}}"))))

BITSWAP = Row("Bitswap, as the Rust client counts it", (
    graph("Messages", Query(received("bitswap_messages_received", "monitor"), "{{monitor}}"), unit="cps"),
    graph("Wantlists", Query(received("wantlists_received", "monitor", "full"), "{{monitor}}, full: {{full}}"), unit="cps"),
    graph("Wantlist entries by type", Query(received("wantlist_entries_received", "entry_type"), "{{entry_type}}"), unit="cps"),
    graph("Wantlist entries by sendDontHave",
          Query(received("wantlist_entries_received", "entry_type", "send_dont_have"), "{{entry_type}}, {{send_dont_have}}"),
          unit="cps"),
    graph("Messages by gateway status",
          Query(received("bitswap_messages_received", "origin_is_gateway"), "gateway: {{origin_is_gateway}}"), unit="cps"),
    graph("Wantlist entries by gateway status",
          Query(received("wantlist_entries_received", "origin_is_gateway"), "gateway: {{origin_is_gateway}}"), unit="cps"),
    graph("Block presences", Query(received("bitswap_block_presences_received", "presence_type"), "{{presence_type}}"), unit="cps"),
    graph("Blocks", Query(received("bitswap_blocks_received", "monitor"), "{{monitor}}"), unit="cps")))

ORIGINS = Row("Origins, as the Rust client counts them", (
    *countries("Messages", "bitswap_messages_received"), *countries("Requests", "wantlist_entries_received")))

PEERING = Row("Peers", (
    graph("Connections", Query('sum(ipfs_p2p_peers_total{instance=~"$instance"}) by (instance)', "{{instance}}")),
    graph("Connections by transport", Query('ipfs_p2p_peers_total{instance=~"$instance"}', "{{instance}} {{transport}}"), stacked=True),
    graph("DHT servers and clients", Query(SERVERS, "servers, {{instance}}"),
          Query(f"sum({PEERS}) by (instance) - {SERVERS}", "clients, {{instance}}")),
    graph("Protocols of peers",
          Query('topk(20, plugin_metric_export_peers_supported_protocols{instance=~"$instance"})', "{{instance}} {{protocol}}")),
    graph("Agent versions", Query(f"topk(20, {PEERS})", "{{instance}} {{agent_version}}"), stacked=True),
    graph("Open streams", Query(
        'sum(plugin_metric_export_open_streams{instance=~"$instance"}) by (protocol, direction)', "{{protocol}} {{direction}}"))))

PROBE = Row("Discovery probe and real-time export", (
    graph("Probe", *(Query(f'plugin_metric_export_{name}{{instance=~"$instance"}}', f"{text}, {{{{instance}}}}")
                     for name, text in (("bitswap_senders", "senders"), ("wiretap_peers", "tracked peers"),
                                        ("wiretap_connections", "tracked connections"))), width=THIRD),
    graph("Bytes to RabbitMQ", Query(
        'sum(rate(plugin_metric_export_wiretap_sent_bytes{instance=~"$instance"}[$__rate_interval])) by (instance, compressed)',
        "{{instance}}, compressed: {{compressed}}"), unit="Bps", width=THIRD),
    graph("Events to RabbitMQ", Query(
        'sum(rate(plugin_metric_export_wiretap_processed_events{instance=~"$instance"}[$__rate_interval])) by (instance, dropped)',
        "{{instance}}, dropped: {{dropped}}"), unit="cps", width=THIRD)))

PROCESS = Row("Process and host", (
    number("Version", Query('ipfs_info{instance=~"$instance"}', "{{instance}}: {{version}}"), width=WIDTH // 2),
    number("Uptime", Query('time() - process_start_time_seconds{instance=~"$instance",job!="prometheus"}', "{{instance}}"), unit="s",
           width=WIDTH // 2),
    graph("CPU", Query('rate(process_cpu_seconds_total{instance=~"$instance"}[$__rate_interval])', "{{instance}}"), unit="percentunit"),
    graph("Memory", Query('process_resident_memory_bytes{instance=~"$instance"}', "{{instance}}"), unit="bytes"),
    graph("Open descriptors", Query('process_open_fds{instance=~"$instance"}', "{{instance}}"),
          Query('process_max_fds{instance=~"$instance"}', "{{instance}}, allowed")),
    graph("CPU of the host", Query(
        '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])) by (instance)', "{{instance}}"), unit="percentunit"),
    graph("Go routines (kubo)", Query('go_goroutines{instance=~"$instance"}', "{{instance}}")),
    graph("Go heap (kubo)", Query('go_memstats_heap_inuse_bytes{instance=~"$instance"}', "{{instance}}"), unit="bytes")))

BOARD = Board(
    uid="mexport-ipfs", title="IPFS monitoring",
    about="Network size, Bitswap traffic and peers, as the reference exporter's users know them.",
    rows=(SIZE, BITSWAP, ORIGINS, PEERING, PROBE, PROCESS),
    variables=(label_values("instance", "instance", "ipfs_info"),
               label_values("monitor", "monitor", "bitswap_messages_received")))
