// SPDX-License-Identifier: MIT

//! Noise and TLS in an order chosen at run time, and which of them a peer ended up with.

use futures::future::BoxFuture;
use futures::{AsyncRead, AsyncWrite};
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo};
use libp2p::{identity, noise, tls, PeerId};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const NOISE: &str = "/noise";
const TLS: &str = "/tls/1.0.0";

/// The protocol of the last handshake with each peer.
pub type Negotiated = Arc<Mutex<HashMap<PeerId, &'static str>>>;

pub trait Duplex: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}
type Secured = (PeerId, Pin<Box<dyn Duplex>>);

#[derive(Clone)]
pub struct Security {
    order: Vec<&'static str>,
    noise: noise::Config,
    tls: tls::Config,
    negotiated: Negotiated,
}

impl Security {
    /// `names`: "noise" and "tls" as they are to be proposed.
    pub fn new(key: &identity::Keypair, names: &[String], negotiated: Negotiated) -> Result<Self, Failure> {
        let order = names.iter().map(|name| match name.as_str() {
            "noise" => Ok(NOISE),
            "tls" => Ok(TLS),
            other => Err(format!("no such security protocol: {other}")),
        });
        Ok(Self {
            order: order.collect::<Result<_, _>>()?,
            noise: noise::Config::new(key)?,
            tls: tls::Config::new(key)?,
            negotiated,
        })
    }

    fn done<S: Duplex + 'static>(&self, protocol: &'static str, (peer, stream): (PeerId, S)) -> Secured {
        self.negotiated.lock().unwrap().insert(peer, protocol);
        (peer, Box::pin(stream))
    }
}

/// `Box<dyn Error>` is no `Error` itself, which the transport asks for.
#[derive(Debug)]
pub struct HandshakeError(Failure);

impl std::fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for HandshakeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

fn wrap(error: impl Into<Failure>) -> HandshakeError {
    HandshakeError(error.into())
}

impl UpgradeInfo for Security {
    type Info = &'static str;
    type InfoIter = Vec<&'static str>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.order.clone()
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for Security {
    type Output = Secured;
    type Error = HandshakeError;
    type Future = BoxFuture<'static, Result<Secured, HandshakeError>>;

    fn upgrade_inbound(self, socket: C, protocol: &'static str) -> Self::Future {
        Box::pin(async move {
            if protocol == TLS {
                let made = self.tls.clone().upgrade_inbound(socket, protocol).await.map_err(wrap)?;
                return Ok(self.done(protocol, made));
            }
            let made = self.noise.clone().upgrade_inbound(socket, protocol).await.map_err(wrap)?;
            Ok(self.done(protocol, made))
        })
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Security {
    type Output = Secured;
    type Error = HandshakeError;
    type Future = BoxFuture<'static, Result<Secured, HandshakeError>>;

    fn upgrade_outbound(self, socket: C, protocol: &'static str) -> Self::Future {
        Box::pin(async move {
            if protocol == TLS {
                let made = self.tls.clone().upgrade_outbound(socket, protocol).await.map_err(wrap)?;
                return Ok(self.done(protocol, made));
            }
            let made = self.noise.clone().upgrade_outbound(socket, protocol).await.map_err(wrap)?;
            Ok(self.done(protocol, made))
        })
    }
}
