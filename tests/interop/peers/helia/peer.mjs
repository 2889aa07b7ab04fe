// SPDX-License-Identifier: MIT

// The Helia side of the interop tests: one node that a test driver commands line by line.
// Its arguments are the security protocols in the order they are proposed, "noise" alone by default.
//
// stdin takes one JSON request per line, {"id": N, "do": "…", …}; stdout answers each with
// {"id": N, "ok": …} or {"id": N, "error": "…"}, and reports what happens meanwhile as {"event": "…", …}.
// The program ends when stdin does.
import { createInterface } from 'node:readline'
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { identify, identifyPush } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'

const patience = 15_000
const security = { noise, tls }
const order = process.argv.length > 2 ? process.argv.slice(2) : ['noise']

// A whole line in one write, so that answers and events never mix.
const send = (value) => process.stdout.write(JSON.stringify(value) + '\n')

const node = await withBitswap(withLibp2pLight(createHeliaLight(), {
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: order.map((name) => security[name]()),
  streamMuxers: [yamux()],
  services: { identify: identify(), identifyPush: identifyPush(), ping: ping() }
})).start()
const { libp2p } = node
const identified = new Map()
const wanted = new Map()

function connection (conn) {
  return {
    peer: conn.remotePeer.toString(),
    remote: conn.remoteAddr.toString(),
    direction: conn.direction,
    security: conn.encryption,
    muxer: conn.multiplexer
  }
}

libp2p.addEventListener('connection:open', ({ detail }) => send({ event: 'connected', ...connection(detail) }))
libp2p.addEventListener('connection:close', ({ detail }) => send({ event: 'disconnected', ...connection(detail) }))
libp2p.addEventListener('peer:identify', ({ detail }) => {
  const peer = detail.peerId.toString()
  const told = {
    agent: detail.agentVersion,
    protocol_version: detail.protocolVersion,
    protocols: detail.protocols,
    listen_addrs: detail.listenAddrs.map(String),
    observed_addr: detail.observedAddr?.toString(),
    signed: detail.signedPeerRecord != null,
    record_addrs: detail.signedPeerRecord?.addresses.map(String)
  }
  identified.set(peer, told)
  send({ event: 'identified', peer, ...told })
})

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function peerConnections (peer) {
  return libp2p.getConnections().filter((conn) => conn.remotePeer.toString() === peer)
}

async function fetch (cid, signal) {
  let size = 0
  for await (const chunk of node.blockstore.get(cid, { signal })) {
    size += chunk.byteLength
  }
  return size
}

const commands = {
  async connect ({ addr }) {
    return connection(await libp2p.dial(multiaddr(addr), { signal: AbortSignal.timeout(patience) }))
  },
  connections: ({ peer }) => ({ connections: peerConnections(peer).map(connection) }),
  async identify ({ peer }) {
    const until = Date.now() + patience
    while (!identified.has(peer)) {
      if (Date.now() > until) {
        throw new Error(`${peer} was not identified`)
      }
      await sleep(50)
    }
    return identified.get(peer)
  },
  async ping ({ peer }) {
    const ms = await libp2p.services.ping.ping(peerConnections(peer)[0].remoteAddr, { signal: AbortSignal.timeout(patience) })
    return { rtt_us: [ms * 1000] }
  },
  // Asks for a block until `cancel` is called; how it ended comes as an event.
  want ({ cid }) {
    const controller = new AbortController()
    wanted.set(cid, controller)
    fetch(CID.parse(cid), controller.signal).then(
      (size) => send({ event: 'got', cid, size }),
      (error) => send({ event: 'gave_up', cid, why: error.message })
    )
    return {}
  },
  cancel ({ cid }) {
    wanted.get(cid).abort()
    return {}
  },
  async disconnect ({ peer }) {
    await Promise.all(peerConnections(peer).map((conn) => conn.close()))
    return {}
  }
}

async function handle (request) {
  try {
    const command = commands[request.do]
    if (command == null) {
      throw new Error(`no such command: ${request.do}`)
    }
    send({ id: request.id, ok: await command(request) })
  } catch (error) {
    send({ id: request.id, error: error.message })
  }
}

send({ event: 'ready', peer: libp2p.peerId.toString(), addrs: libp2p.getMultiaddrs().map(String) })
for await (const line of createInterface({ input: process.stdin })) {
  handle(JSON.parse(line))
}
await node.stop()
process.exit(0)
