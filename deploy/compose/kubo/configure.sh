# SPDX-License-Identifier: MIT
# A kubo that keeps every connection, and its metric-export-plugin. Run by kubo-start before each start of the daemon.
# From the environment: MONITOR_NAME, AMQP_SERVER, SWARM_PORT.

# The metrics at /debug/metrics/prometheus are asked for from other containers.
ipfs config Addresses.API /ip4/0.0.0.0/tcp/5001
ipfs config --json Addresses.Swarm "[\"/ip4/0.0.0.0/tcp/$SWARM_PORT\", \"/ip4/0.0.0.0/udp/$SWARM_PORT/quic-v1\"]"

# Nothing is refused and nothing is trimmed. Type `none` would trim: the limits must be given.
ipfs config --json Swarm.ResourceMgr.Enabled false
ipfs config Swarm.ConnMgr.Type basic
ipfs config --json Swarm.ConnMgr.LowWater 0
ipfs config --json Swarm.ConnMgr.HighWater 100000

ipfs config --json Plugins.Plugins.metric-export-plugin.Config "{
  \"PopulatePrometheusInterval\": 10,
  \"AgentVersionCutOff\": 20,
  \"EnableBitswapDiscoveryProbe\": false,
  \"AMQPServerAddress\": \"$AMQP_SERVER\",
  \"MonitorName\": \"$MONITOR_NAME\",
  \"HTTPServerConfig\": {\"ListenAddresses\": [\"0.0.0.0:8432\"]}
}"
