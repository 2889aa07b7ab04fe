# SPDX-License-Identifier: MIT
"""The broker, by its own rabbitmq_prometheus plugin."""

from panels import WIDTH, Board, Query, Row, graph, label_values, number


def of(series):
    return f'{series}{{instance=~"$instance"}}'


def total(series):
    return f"sum({of(series)}) by (instance)"


def rate(series):
    return f"sum(rate({of(series)}[$__rate_interval])) by (instance)"


def each(maker, **legends):
    """A query for each series, whose name begins with `rabbitmq_`."""
    return [Query(maker(f"rabbitmq_{series}"), f"{{{{instance}}}} {legend}") for series, legend in legends.items()]


GLANCE = Row("At a glance", (
    number("Connections", *each(total, connections="")),
    number("Channels", *each(total, channels="")),
    number("Queues", *each(total, queues="")),
    number("Consumers", *each(total, consumers="")),
    number("Messages ready", *each(total, queue_messages_ready="")),
    number("Alarms", *each(total, alarms_memory_used_watermark="memory", alarms_free_disk_space_watermark="disk",
                           alarms_file_descriptor_limit="descriptors"))))

MESSAGES = Row("Messages", (
    graph("In queues", *each(total, queue_messages_ready="ready", queue_messages_unacked="unacknowledged"), stacked=True),
    graph("Bytes in queues", *each(total, queue_messages_bytes=""), unit="bytes"),
    graph("Published", *each(rate, global_messages_received_total="received", global_messages_routed_total="routed",
                             global_messages_confirmed_total="confirmed"), unit="cps"),
    graph("Unroutable", *each(rate, global_messages_unroutable_returned_total="returned",
                              global_messages_unroutable_dropped_total="dropped"), unit="cps",
          about="What no queue is bound for."),
    graph("Delivered", *each(rate, global_messages_delivered_total="delivered",
                             global_messages_redelivered_total="again",
                             global_messages_acknowledged_total="acknowledged"), unit="cps"),
    graph("Gone from queues", *each(rate, global_messages_dead_lettered_expired_total="too old",
                                    global_messages_dead_lettered_maxlen_total="too many"), unit="cps",
          about="By the queue policy: 10 s, 1,000 messages.")))

RESOURCES = Row("Resources", (
    graph("Memory", *each(total, process_resident_memory_bytes="resident", resident_memory_limit_bytes="limit"), unit="bytes"),
    graph("Disk", *each(total, disk_space_available_bytes="free", disk_space_available_limit_bytes="limit"), unit="bytes"),
    graph("Descriptors", *each(total, process_open_fds="open", process_max_fds="allowed")),
    graph("Sockets", *each(total, process_open_tcp_sockets="open", process_max_tcp_sockets="allowed")),
    graph("Bytes of connections", *each(rate, connection_incoming_bytes_total="in", connection_outgoing_bytes_total="out"),
          unit="Bps"),
    graph("Erlang processes", *each(total, erlang_processes_used="", erlang_scheduler_run_queue="waiting to run"))))

CHURN = Row("Churn", (
    graph("Connections", *each(rate, connections_opened_total="opened", connections_closed_total="closed"), unit="cps",
          width=WIDTH // 3),
    graph("Channels", *each(rate, channels_opened_total="opened", channels_closed_total="closed"), unit="cps", width=WIDTH // 3),
    graph("Queues", *each(rate, queues_created_total="created", queues_deleted_total="deleted"), unit="cps", width=WIDTH // 3)))

BOARD = Board(
    uid="mexport-rabbitmq", title="RabbitMQ", about="The broker between monitors and consumers.",
    rows=(GLANCE, MESSAGES, RESOURCES, CHURN),
    variables=(label_values("instance", "instance", "rabbitmq_build_info"),))
