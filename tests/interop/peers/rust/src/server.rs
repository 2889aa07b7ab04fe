// SPDX-License-Identifier: MIT

//! The commands, by name.

use crate::host::{Host, Options};
use crate::output::Output;
use crate::streams::Outbound;
use libp2p::{PeerId, StreamProtocol};
use serde_json::{json, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const PATIENCE: Duration = Duration::from_secs(15);

/// The hosts and streams by the names the driver knows them by.
#[derive(Clone)]
pub struct Server {
    output: Output,
    hosts: Arc<Mutex<HashMap<String, Host>>>,
    streams: Arc<Mutex<Vec<Arc<Outbound>>>>,
}

impl Server {
    pub fn new(output: Output) -> Self {
        Self { output, hosts: Arc::default(), streams: Arc::default() }
    }

    pub async fn handle(&self, request: &Value) -> Result<Value, Failure> {
        let command = text(request, "do");
        match tokio::time::timeout(PATIENCE, self.run(&command, request)).await {
            Ok(result) => result,
            Err(_) => Err(format!("{command} took longer than {PATIENCE:?}").into()),
        }
    }

    async fn run(&self, command: &str, request: &Value) -> Result<Value, Failure> {
        match command {
            "host" => return self.host(request).await,
            "send" | "state" | "close_write" => return self.on_stream(command, request).await,
            _ => {}
        }
        let name = text(request, "host");
        let host = self.hosts.lock().unwrap().get(&name).cloned().ok_or(format!("no such host: {name:?}"))?;
        match command {
            "connect" => return host.connect(text(request, "addr").parse()?).await,
            "shut" => {
                self.hosts.lock().unwrap().remove(&name);
                return host.shut().await;
            }
            _ => {}
        }
        let peer: PeerId = text(request, "peer").parse()?;
        match command {
            "connections" => Ok(json!({"connections": host.connections(peer)})),
            "identify" => host.identify(peer).await,
            "ping" => host.ping(peer, request["count"].as_u64().unwrap_or(1) as usize).await,
            "disconnect" => host.disconnect(peer).await,
            "open" => self.open(&host, peer, text(request, "protocol")).await,
            other => Err(format!("no such command: {other}").into()),
        }
    }

    async fn host(&self, request: &Value) -> Result<Value, Failure> {
        let mut security = texts(request, "security");
        if security.is_empty() {
            security.push("noise".into());
        }
        let name = text(request, "host");
        let options =
            Options { name: name.clone(), key: text(request, "key"), security, listen: texts(request, "listen") };
        let host = Host::start(options, self.output.clone()).await?;
        let made = json!({"peer": host.peer.to_string(), "addrs": host.addrs});
        self.hosts.lock().unwrap().insert(name, host);
        Ok(made)
    }

    async fn open(&self, host: &Host, peer: PeerId, protocol: String) -> Result<Value, Failure> {
        let stream = host.open(peer, StreamProtocol::try_from_owned(protocol.clone())?).await?;
        let mut streams = self.streams.lock().unwrap();
        streams.push(Arc::new(Outbound::new(stream)));
        Ok(json!({"stream": streams.len(), "protocol": protocol}))
    }

    async fn on_stream(&self, command: &str, request: &Value) -> Result<Value, Failure> {
        let number = request["stream"].as_u64().unwrap_or(0) as usize;
        let found = self.streams.lock().unwrap().get(number.wrapping_sub(1)).cloned();
        let stream = found.ok_or(format!("no such stream: {number}"))?;
        match command {
            "send" => {
                let pad = request["pad"].as_u64().unwrap_or(0) as usize;
                stream.send(&text(request, "hex"), pad, request["frame"] == true).await
            }
            "close_write" => stream.close_write().await.map(|()| json!({})).map_err(Failure::from),
            _ => Ok(stream.state()),
        }
    }
}

fn text(request: &Value, name: &str) -> String {
    request[name].as_str().unwrap_or_default().to_owned()
}

fn texts(request: &Value, name: &str) -> Vec<String> {
    let list = request[name].as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}
