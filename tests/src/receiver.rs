//! A webhook's receiver on loopback: a real HTTP server for what a delivery posts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, Result};

/// What a receiver got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// `POST /hook?timeout=30s HTTP/1.1`
    pub request_line: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, as long as its Content-Length said.
    pub body: Vec<u8>,
}

/// A receiver that takes a given number of POSTs.
pub struct Receiver {
    address: SocketAddr,
    thread: JoinHandle<Result<Vec<Received>>>,
}

impl Receiver {
    /// Starts one on a free port of loopback.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn start(posts: usize) -> Result<Receiver> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("cannot listen on loopback")?;
        let address = listener.local_addr()?;
        let thread = thread::spawn(move || {
            let received = (0..posts).map(|_| receive(&listener.accept().context("nobody connects")?.0));
            received.collect()
        });
        Ok(Receiver { address, thread })
    }

    /// Where it is, with a path.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Sends the bytes of a request, and gives the status line of the answer.
    ///
    /// # Errors
    ///
    /// Where the connection fails.
    pub fn send(&self, request: &[u8]) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(request)?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        Ok(status.trim_end().to_owned())
    }

    /// What it got, once it got all.
    ///
    /// # Errors
    ///
    /// Where something that it got was no HTTP request.
    pub fn finish(self) -> Result<Vec<Received>> {
        self.thread.join().map_err(|_| anyhow::anyhow!("the receiver panicked"))?
    }
}

fn receive(mut stream: &TcpStream) -> Result<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> Result<String> {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        Ok(line.strip_suffix("\r\n").context("a line without CRLF")?.to_owned())
    };
    let request_line = line()?;
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").with_context(|| format!("no header: {line}"))?;
        headers.push((name.to_owned(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "Content-Length").context("no Content-Length")?;
    let mut body = vec![0; length.1.parse()?];
    reader.read_exact(&mut body)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
    Ok(Received { request_line, headers, body })
}
