# SPDX-License-Identifier: MIT
"""Our own board: whether a monitor loses anything, keeps up, and what it spends."""

from panels import WIDTH, Board, Query, Row, graph, label_values, number

THIRD = WIDTH // 3


def of(series, **labels):
    chosen = "".join(f',{name}="{value}"' for name, value in labels.items())
    return f'{series}{{instance=~"$instance"{chosen}}}'


def process(what):
    """Of the node, or of the kubo that has the plugin."""
    return f'process_{what}{{instance=~"$instance",job=~"mexport|kubo"}}'


def rate(series, *by, **labels):
    return f"sum(rate({of(series, **labels)}[$__rate_interval])) by ({', '.join(('instance', *by))})"


def total(series, *by, **labels):
    return f"sum({of(series, **labels)}) by ({', '.join(('instance', *by))})"


def quantile(share, series, *by):
    return (f"histogram_quantile({share}, sum(rate({of(series + '_bucket')}[$__rate_interval])) "
            f"by ({', '.join(('le', 'instance', *by))}))")


def mean(series, *by):
    return f"{rate(series + '_sum', *by)} / {rate(series + '_count', *by)}"


GLANCE = Row("At a glance", (
    number("Connections", Query(total("mexport_connections"), "{{instance}}")),
    number("Messages", Query(rate("mexport_bitswap_messages_total"), "{{instance}}"), unit="cps"),
    number("Events lost in a day", Query(
        f"sum(increase({of('mexport_events_lost_total')}[24h])) or vector(0)", "events"),
        about="All sinks and reasons: below, they stand apart."),
    number("Broker connected", Query(of("mexport_sink_connected"), "{{instance}} {{sink}}"),
           about="1 while the broker takes events."),
    number("Waiting on disk", Query(total("mexport_spool_bytes"), "{{instance}}"), unit="bytes"),
    number("Worst loop latency", Query(f"max({of('mexport_loop_latency_seconds')}) by (instance)", "{{instance}}"), unit="s")))

LOSSES = Row("Losses", (
    graph("Events lost by sink and reason", Query(
        f"{rate('mexport_events_lost_total', 'sink', 'reason')} or vector(0)", "{{instance}} {{sink}}: {{reason}}"), unit="cps",
        about="The sink `pipeline` stands for what was lost before all sinks."),
    graph("Events lost since the start", Query(
        f"{total('mexport_events_lost_total', 'sink', 'kind', 'reason')} or vector(0)",
        "{{instance}} {{sink}}: {{kind}}, {{reason}}")),
    graph("Failed writes and connections", Query(rate("mexport_sink_errors_total", "sink"), "{{instance}} {{sink}}"), unit="cps"),
    graph("Batches by outcome", Query(rate("mexport_sink_batches_total", "sink", "outcome"),
                                      "{{instance}} {{sink}}: {{outcome}}"), unit="cps")))

EXPORT = Row("Export", (
    graph("Spool", Query(total("mexport_spool_bytes", "sink"), "{{instance}} {{sink}}"), unit="bytes", width=THIRD,
          about="What waits on disk for the broker, compressed."),
    graph("Spooled batches", Query(total("mexport_spool_batches", "sink"), "{{instance}} {{sink}}"), width=THIRD),
    graph("Replay lag", Query(of("mexport_sink_lag_seconds"), "{{instance}} {{sink}}"), unit="s", width=THIRD,
          about="Age of the oldest batch that is not confirmed."),
    graph("Publish latency", *(Query(quantile(share, "mexport_sink_publish_latency_seconds", "sink"), f"{{{{instance}}}} {{{{sink}}}} {name}")
                               for share, name in ((0.5, "median"), (0.99, "99%"))), unit="s",
          about="From a batch's first sending to its confirmation."),
    graph("Events of a batch", Query(mean("mexport_sink_batch_events", "sink"), "{{instance}} {{sink}} mean"),
          Query(quantile(0.99, "mexport_sink_batch_events", "sink"), "{{instance}} {{sink}} 99%")),
    graph("Batches in flight", Query(of("mexport_sink_batches_in_flight"), "{{instance}} {{sink}}"),
          Query(of("mexport_sink_blocked"), "{{instance}} {{sink}}: paused by the broker")),
    graph("Queues", Query(of("mexport_queue_bytes"), "{{instance}} {{queue}}"), unit="bytes",
          about="Memory of what waits for the export thread (`facts`) and for each sink."),
    graph("Facts that wait for the export thread", Query(of("mexport_facts_queued"), "{{instance}}")),
    graph("Events by kind", Query(rate("mexport_events_total", "kind"), "{{instance}} {{kind}}"), unit="cps"),
    graph("Events written or confirmed", Query(rate("mexport_sink_events_total", "sink"), "{{instance}} {{sink}}"), unit="cps"),
    graph("Bytes written or sent", Query(rate("mexport_sink_bytes_total", "sink"), "{{instance}} {{sink}}"),
          Query(rate("mexport_encoded_bytes_total"), "{{instance}} before compression"), unit="Bps")))

BITSWAP = Row("Bitswap", (
    graph("Messages and bytes", Query(rate("mexport_bitswap_messages_total"), "{{instance}} messages"),
          Query(rate("mexport_bitswap_full_wantlists_total"), "{{instance}} full wantlists"), unit="cps"),
    graph("Wantlist entries", Query(rate("mexport_bitswap_wantlist_entries_total", "type", "send_dont_have"),
                                    "{{instance}} {{type}}, sendDontHave: {{send_dont_have}}"), unit="cps"),
    graph("Wants by software", Query(rate("mexport_bitswap_wants_total", "agent_family"), "{{instance}} {{agent_family}}"),
          unit="cps", stacked=True),
    graph("Wants that stand", Query(total("mexport_bitswap_live_wants"), "{{instance}}")),
    graph("Presences and blocks", Query(rate("mexport_bitswap_presences_total", "type"), "{{instance}} {{type}}"),
          Query(rate("mexport_bitswap_blocks_total"), "{{instance}} blocks"), unit="cps"),
    graph("Messages refused", Query(rate("mexport_bitswap_refused_total", "reason"), "{{instance}} {{reason}}"), unit="cps"),
    graph("Served from the block store", Query(rate("mexport_bitswap_served_total", "type"), "{{instance}} {{type}}"), unit="cps"),
    graph("Bytes of messages and blocks", Query(rate("mexport_bitswap_message_bytes_total"), "{{instance}} messages"),
          Query(rate("mexport_bitswap_block_bytes_total"), "{{instance}} blocks"),
          Query(rate("mexport_bitswap_served_bytes_total"), "{{instance}} served"), unit="Bps")))

CONNECTIONS = Row("Connections", (
    graph("Connections", Query(total("mexport_connections", "direction"), "{{instance}} {{direction}}"), stacked=True),
    graph("Connections made", Query(rate("mexport_connections_opened_total"), "{{instance}}"), unit="cps"),
    graph("Handshakes", Query(rate("mexport_handshakes_total", "security"), "{{instance}} {{security}}"),
          Query(total("mexport_handshakes_in_progress"), "{{instance}} in progress"), unit="short"),
    graph("Handshake failures", Query(rate("mexport_handshake_failures_total", "direction", "reason"),
                                      "{{instance}} {{direction}}: {{reason}}"), unit="cps"),
    graph("Disconnects by reason", Query(rate("mexport_disconnects_total", "reason"), "{{instance}} {{reason}}"), unit="cps"),
    graph("Codes that said why", Query(rate("mexport_disconnect_codes_total", "direction", "code"),
                                       "{{instance}} {{direction}}: {{code}}"), unit="cps"),
    graph("Limits reached", Query(rate("mexport_limits_reached_total", "limit"), "{{instance}} {{limit}}"), unit="cps"),
    graph("Dials, identify, answers, exclusions", Query(rate("mexport_other_total", "name"), "{{instance}} {{name}}"), unit="cps"),
    graph("Bytes of connections", Query(rate("mexport_socket_bytes_total", "direction", "security", "transport"),
                                        "{{instance}} {{direction}} {{security}} {{transport}}"), unit="Bps"),
    graph("Bytes of streams", Query(rate("mexport_stream_bytes_total", "direction", "protocol"),
                                    "{{instance}} {{direction}} {{protocol}}"), unit="Bps"),
    graph("Remembered peers", Query(of("mexport_peerstore_peers"), "{{instance}}")),
    graph("Peer store", Query(of("mexport_peerstore_bytes"), "{{instance}}"), unit="bytes")))

RESOURCES = Row("Resources", (
    graph("Memory per connection", Query(
        f"{total('mexport_memory_bytes', kind='used')} / ({total('mexport_connections')} > 0)", "{{instance}}"), unit="bytes",
        about="All that the allocator has handed out, by open connections."),
    graph("Memory of the allocator", Query(of("mexport_memory_bytes"), "{{instance}} {{kind}}"),
          Query(process("resident_memory_bytes"), "{{instance}} resident"), unit="bytes"),
    graph("Held for peers", Query(of("mexport_buffered_bytes"), "{{instance}}"), unit="bytes",
          about="Unfinished messages and frames, and what peers do not read."),
    graph("Loop latency", Query(of("mexport_loop_latency_seconds"), "{{instance}} shard {{shard}}"), unit="s",
          about="The worst delay in the last minute or two."),
    graph("CPU", Query(f"rate({process('cpu_seconds_total')}[$__rate_interval])", "{{instance}}"), unit="percentunit"),
    graph("Descriptors and threads", Query(process("open_fds"), "{{instance}} descriptors"),
          Query(of("process_threads"), "{{instance}} threads"))))

API = Row("HTTP API", (
    graph("Answers", Query(rate("mexport_http_answers_total", "status"), "{{instance}} {{status}}"), unit="cps", width=THIRD),
    graph("Connections", Query(of("mexport_http_connections"), "{{instance}}"), width=THIRD),
    graph("Turned away", Query(rate("mexport_http_turned_away_total"), "{{instance}}"), unit="cps", width=THIRD)))

BOARD = Board(
    uid="mexport-node", title="mexport",
    about="Losses first, then the way of an event: export, Bitswap, connections, resources.",
    rows=(GLANCE, LOSSES, EXPORT, BITSWAP, CONNECTIONS, RESOURCES, API),
    variables=(label_values("instance", "instance", "mexport_connections"),))
