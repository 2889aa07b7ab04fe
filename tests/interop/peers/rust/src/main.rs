// SPDX-License-Identifier: MIT

//! rustlibp2p is the rust-libp2p side of the interop tests: hosts that a test driver commands line by line.
//!
//! It speaks what peers/go/golibp2p speaks: stdin takes one JSON request per line, {"id": N, "do": "…", …};
//! stdout answers each with {"id": N, "ok": …} or {"id": N, "error": "…"}, and reports what happens meanwhile
//! as {"event": "…", …}. Requests run concurrently. The program ends when stdin does.

mod host;
mod output;
mod security;
mod server;
mod streams;

use output::Output;
use serde_json::{json, Value};
use server::Server;
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let output = Output::default();
    let server = Server::new(output.clone());
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let request: Value = match serde_json::from_str(&line) {
            Ok(value) => value,
            Err(error) => {
                eprintln!("bad request: {error}");
                std::process::exit(2);
            }
        };
        let (server, output) = (server.clone(), output.clone());
        tokio::spawn(async move {
            let id = request["id"].clone();
            output.send(match server.handle(&request).await {
                Ok(result) => json!({"id": id, "ok": result}),
                Err(error) => json!({"id": id, "error": error.to_string()}),
            });
        });
    }
}
