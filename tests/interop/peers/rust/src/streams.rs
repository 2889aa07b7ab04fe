// SPDX-License-Identifier: MIT

//! Raw streams: what peers send on theirs, and those that the driver opened.

use crate::output::Output;
use futures::io::{ReadHalf, WriteHalf};
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream};
use libp2p_stream::IncomingStreams;
use serde_json::{json, Value};
use std::io;
use std::sync::{Arc, Mutex};

/// Bitswap's own limit on a message.
const MAX_FRAME: u64 = 4 << 20;
const MAX_LENGTH_BYTES: u32 = 5;

/// Reports each frame that peers send on streams of one protocol.
pub async fn serve(mut incoming: IncomingStreams, host: String, protocol: &'static str, output: Output) {
    while let Some((peer, stream)) = incoming.next().await {
        tokio::spawn(serve_one(stream, peer, host.clone(), protocol, output.clone()));
    }
}

async fn serve_one(mut stream: Stream, peer: PeerId, host: String, protocol: &'static str, output: Output) {
    loop {
        match read_frame(&mut stream).await {
            Ok(frame) => output.send(json!({
                "event": "message", "host": host, "peer": peer.to_string(), "protocol": protocol, "hex": hex::encode(frame)})),
            Err(error) => {
                output.send(json!({
                    "event": "stream_end", "host": host, "peer": peer.to_string(), "protocol": protocol, "end": ending(&error)}));
                let _ = stream.close().await;
                return;
            }
        }
    }
}

async fn read_frame(stream: &mut Stream) -> io::Result<Vec<u8>> {
    let mut size = 0;
    for index in 0..MAX_LENGTH_BYTES {
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        size |= u64::from(byte[0] & 0x7f) << (7 * index);
        if byte[0] < 0x80 {
            break;
        }
    }
    if size > MAX_FRAME {
        return Err(io::Error::other(format!("frame of {size} bytes")));
    }
    let mut frame = vec![0; size as usize];
    stream.read_exact(&mut frame).await?;
    Ok(frame)
}

fn length_prefix(mut size: usize) -> Vec<u8> {
    let mut prefix = Vec::new();
    while size >= 0x80 {
        prefix.push(size as u8 | 0x80);
        size >>= 7;
    }
    prefix.push(size as u8);
    prefix
}

/// rust-yamux tells a reset from a close only by the time it happens, so "eof" may be either.
fn ending(error: &io::Error) -> Value {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => json!({"state": "eof"}),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => json!({"state": "reset"}),
        _ => json!({"state": "failed", "why": error.to_string()}),
    }
}

#[derive(Default)]
struct Heard {
    bytes: Vec<u8>,
    end: Option<Value>,
}

/// A stream that the driver opened: what came back on it, and how it ended.
pub struct Outbound {
    writer: tokio::sync::Mutex<WriteHalf<Stream>>,
    reader: Mutex<Option<ReadHalf<Stream>>>,
    heard: Arc<Mutex<Heard>>,
}

impl Outbound {
    pub fn new(stream: Stream) -> Self {
        let (reader, writer) = stream.split();
        Self { writer: tokio::sync::Mutex::new(writer), reader: Mutex::new(Some(reader)), heard: Arc::default() }
    }

    /// Writes the bytes, zeros up to `pad` bytes after them, and their length before them when framed.
    pub async fn send(
        &self,
        text: &str,
        pad: usize,
        framed: bool,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let mut data = hex::decode(text)?;
        data.resize(data.len().max(pad), 0);
        let mut writer = self.writer.lock().await;
        let sent = async {
            if framed {
                writer.write_all(&length_prefix(data.len())).await?;
            }
            writer.write_all(&data).await?;
            writer.flush().await
        };
        let sent: io::Result<()> = sent.await;
        // Only now: a lazily negotiated stream that reads before its first write would wait for ever.
        if let Some(reader) = self.reader.lock().unwrap().take() {
            tokio::spawn(listen(reader, self.heard.clone()));
        }
        Ok(json!({"sent": sent.is_ok()}))
    }

    pub async fn close_write(&self) -> io::Result<()> {
        self.writer.lock().await.close().await
    }

    pub fn state(&self) -> Value {
        let heard = self.heard.lock().unwrap();
        let mut value = heard.end.clone().unwrap_or(json!({"state": "open"}));
        value["hex"] = json!(hex::encode(&heard.bytes));
        value
    }
}

async fn listen(mut reader: ReadHalf<Stream>, heard: Arc<Mutex<Heard>>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let end = match reader.read(&mut buffer).await {
            Ok(0) => json!({"state": "eof"}),
            Ok(count) => {
                heard.lock().unwrap().bytes.extend(&buffer[..count]);
                continue;
            }
            Err(error) => ending(&error),
        };
        heard.lock().unwrap().end = Some(end);
        return;
    }
}
