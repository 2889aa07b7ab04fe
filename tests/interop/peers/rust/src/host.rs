// SPDX-License-Identifier: MIT

//! One host: a swarm in a task of its own, and what it has learnt of its peers.

use crate::output::Output;
use crate::security::{Negotiated, Security};
use crate::server::Failure;
use crate::streams;
use futures::StreamExt;
use libp2p::core::{upgrade::Version, ConnectedPoint, PeerRecord};
use libp2p::swarm::{dial_opts::DialOpts, Config, ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{identify, identity, ping, tcp, yamux, Multiaddr, PeerId, Stream, StreamProtocol, Swarm, Transport};
use serde_json::{json, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

const BITSWAP_PROTOCOLS: [&str; 4] =
    ["/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"];
const IDLE_FOR_EVER: Duration = Duration::from_secs(1 << 30);
const COMMAND_QUEUE: usize = 16;

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    stream: libp2p_stream::Behaviour,
}

pub struct Options {
    pub name: String,
    pub key: String,
    pub security: Vec<String>,
    pub listen: Vec<String>,
}

/// What the driver may ask about peers.
#[derive(Default)]
struct Learnt {
    identified: HashMap<PeerId, Value>,
    rtt_us: HashMap<PeerId, Vec<u64>>,
    connections: HashMap<ConnectionId, (PeerId, Value)>,
}

type Dialled = oneshot::Sender<Result<Value, String>>;

enum Command {
    Dial(Multiaddr, Dialled),
    Disconnect(PeerId),
    Shut,
}

#[derive(Clone)]
pub struct Host {
    pub peer: PeerId,
    pub addrs: Vec<String>,
    commands: mpsc::Sender<Command>,
    control: libp2p_stream::Control,
    learnt: Arc<Mutex<Learnt>>,
    news: watch::Receiver<()>,
}

impl Host {
    /// Made, and listening on every address asked for.
    pub async fn start(options: Options, output: Output) -> Result<Self, Failure> {
        let key = make_key(&options.key)?;
        let negotiated = Negotiated::default();
        let mut swarm = make_swarm(&key, Security::new(&key, &options.security, negotiated.clone())?);
        let mut control = swarm.behaviour().stream.new_control();
        for protocol in BITSWAP_PROTOCOLS {
            let incoming = control.accept(StreamProtocol::new(protocol))?;
            tokio::spawn(streams::serve(incoming, options.name.clone(), protocol, output.clone()));
        }
        let peer = key.public().to_peer_id();
        let mut addrs = Vec::new();
        for address in &options.listen {
            swarm.listen_on(address.parse()?)?;
            loop {
                if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
                    addrs.push(format!("{address}/p2p/{peer}"));
                    break;
                }
            }
        }
        let (commands, received) = mpsc::channel(COMMAND_QUEUE);
        let (told, news) = watch::channel(());
        let learnt = Arc::default();
        let task =
            Task { name: options.name, output, negotiated, learnt: Arc::clone(&learnt), told, dials: HashMap::new() };
        tokio::spawn(task.run(swarm, received));
        Ok(Self { peer, addrs, commands, control, learnt, news })
    }

    pub async fn connect(&self, address: Multiaddr) -> Result<Value, Failure> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(Command::Dial(address, sender)).await?;
        receiver.await?.map_err(Failure::from)
    }

    pub async fn disconnect(&self, peer: PeerId) -> Result<Value, Failure> {
        self.commands.send(Command::Disconnect(peer)).await?;
        Ok(json!({}))
    }

    pub async fn shut(&self) -> Result<Value, Failure> {
        self.commands.send(Command::Shut).await?;
        Ok(json!({}))
    }

    pub async fn open(&self, peer: PeerId, protocol: StreamProtocol) -> Result<Stream, Failure> {
        Ok(self.control.clone().open_stream(peer, protocol).await?)
    }

    pub fn connections(&self, peer: PeerId) -> Vec<Value> {
        let learnt = self.learnt.lock().unwrap();
        let theirs = learnt.connections.values().filter(|(remote, _)| *remote == peer);
        theirs.map(|(_, value)| value.clone()).collect()
    }

    /// Waits until the peer has been identified.
    pub async fn identify(&self, peer: PeerId) -> Result<Value, Failure> {
        self.once(|learnt| learnt.identified.get(&peer).cloned()).await
    }

    /// Waits until the connection's own pings, one at its start and one every 15 s, are that many.
    pub async fn ping(&self, peer: PeerId, count: usize) -> Result<Value, Failure> {
        self.once(|learnt| {
            let times = learnt.rtt_us.get(&peer)?;
            (times.len() >= count).then(|| json!({"rtt_us": times[..count]}))
        })
        .await
    }

    async fn once(&self, look: impl Fn(&Learnt) -> Option<Value>) -> Result<Value, Failure> {
        let mut news = self.news.clone();
        loop {
            if let Some(value) = look(&self.learnt.lock().unwrap()) {
                return Ok(value);
            }
            news.changed().await?;
        }
    }
}

fn make_key(kind: &str) -> Result<identity::Keypair, Failure> {
    match kind {
        "" | "ed25519" => Ok(identity::Keypair::generate_ed25519()),
        "ecdsa" => Ok(identity::Keypair::generate_ecdsa()),
        "secp256k1" => Ok(identity::Keypair::generate_secp256k1()),
        other => Err(format!("rust-libp2p makes no key of type {other}").into()),
    }
}

fn make_swarm(key: &identity::Keypair, security: Security) -> Swarm<Behaviour> {
    let transport = tcp::tokio::Transport::new(tcp::Config::default())
        .upgrade(Version::V1Lazy) // as rust-libp2p's own builder does
        .authenticate(security)
        .multiplex(yamux::Config::default())
        .boxed();
    let identity = identify::Config::new_with_signed_peer_record("ipfs/0.1.0".into(), key)
        .with_agent_version("mexport-interop/rust".into());
    let behaviour = Behaviour {
        identify: identify::Behaviour::new(identity),
        ping: ping::Behaviour::default(),
        stream: libp2p_stream::Behaviour::new(),
    };
    let config = Config::with_tokio_executor().with_idle_connection_timeout(IDLE_FOR_EVER);
    Swarm::new(transport, behaviour, key.public().to_peer_id(), config)
}

/// What runs beside the commands: the swarm's events, reported and remembered.
struct Task {
    name: String,
    output: Output,
    negotiated: Negotiated,
    learnt: Arc<Mutex<Learnt>>,
    told: watch::Sender<()>,
    dials: HashMap<ConnectionId, Dialled>,
}

impl Task {
    async fn run(mut self, mut swarm: Swarm<Behaviour>, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                event = swarm.select_next_some() => self.on_event(event),
                command = commands.recv() => match command {
                    Some(Command::Dial(address, answer)) => self.dial(&mut swarm, address, answer),
                    Some(Command::Disconnect(peer)) => {
                        let _ = swarm.disconnect_peer_id(peer);
                    }
                    Some(Command::Shut) | None => return,
                },
            }
        }
    }

    fn dial(&mut self, swarm: &mut Swarm<Behaviour>, address: Multiaddr, answer: Dialled) {
        // Not from the listening port: a connection that has just ended may still hold that way.
        let options = DialOpts::unknown_peer_id().address(address).allocate_new_port().build();
        let number = options.connection_id();
        match swarm.dial(options) {
            Ok(()) => {
                self.dials.insert(number, answer);
            }
            Err(error) => {
                let _ = answer.send(Err(error.to_string()));
            }
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let connection = self.connection(peer_id, &endpoint);
                self.learnt.lock().unwrap().connections.insert(connection_id, (peer_id, connection.clone()));
                self.report("connected", connection.clone());
                if let Some(answer) = self.dials.remove(&connection_id) {
                    let _ = answer.send(Ok(connection));
                }
            }
            SwarmEvent::ConnectionClosed { connection_id, cause, .. } => {
                let Some((_, mut connection)) = self.learnt.lock().unwrap().connections.remove(&connection_id) else {
                    return;
                };
                connection["why"] = json!(cause.map(|error| format!("{error:?}")));
                self.report("disconnected", connection);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(answer) = self.dials.remove(&connection_id) {
                    let _ = answer.send(Err(error.to_string()));
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                let mut told = identity_of(info);
                self.learnt.lock().unwrap().identified.insert(peer_id, told.clone());
                told["peer"] = json!(peer_id.to_string());
                self.report("identified", told);
            }
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event { peer, result: Ok(time), .. })) => {
                self.learnt.lock().unwrap().rtt_us.entry(peer).or_default().push(time.as_micros() as u64);
            }
            _ => return,
        }
        self.told.send_replace(());
    }

    fn connection(&self, peer: PeerId, endpoint: &ConnectedPoint) -> Value {
        let direction = if endpoint.is_dialer() { "Outbound" } else { "Inbound" };
        json!({
            "peer": peer.to_string(), "remote": endpoint.get_remote_address().to_string(), "direction": direction,
            "security": self.negotiated.lock().unwrap().get(&peer), "muxer": "/yamux/1.0.0", "early_muxer": false,
        })
    }

    fn report(&self, event: &str, mut value: Value) {
        value["event"] = json!(event);
        value["host"] = json!(self.name);
        self.output.send(value);
    }
}

fn identity_of(info: identify::Info) -> Value {
    let mut told = json!({
        "agent": info.agent_version, "protocol_version": info.protocol_version, "signed": false,
        "protocols": info.protocols.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "listen_addrs": texts(&info.listen_addrs), "observed_addr": info.observed_addr.to_string(),
    });
    if let Some(Ok(record)) = info.signed_peer_record.map(PeerRecord::from_signed_envelope_interop) {
        told["signed"] = json!(true);
        told["record_seq"] = json!(record.seq());
        told["record_peer"] = json!(record.peer_id().to_string());
        told["record_addrs"] = json!(texts(record.addresses()));
    }
    told
}

fn texts(addresses: &[Multiaddr]) -> Vec<String> {
    addresses.iter().map(Multiaddr::to_string).collect()
}
