//! `cargo xtask serve`: the page on localhost, built anew when its sources change.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result};

use crate::build::{self, Purpose};
use crate::server::{self, Builds};

/// The port that is tried first.
const PORT: u16 = 8080;

/// What the page is made of.
const SOURCES: [&str; 6] =
    ["crates/audit-policy", "web", "index.html", "Cargo.toml", "Cargo.lock", "package-lock.json"];

pub fn run(port: Option<u16>) -> Result<ExitCode> {
    let root = crate::root()?;
    let folder = root.join("target/page/served");
    let listener = listen(port)?;
    let address = listener.local_addr()?;
    let mut seen = newest(root);
    println!("serve: building the page, about 60 s the first time");
    rebuild(&folder);
    println!("serve: http://localhost:{} (rebuilds when a file changes; Ctrl+C ends it)", address.port());
    let builds = Arc::new(Builds::default());
    let server = (folder.clone(), Arc::clone(&builds));
    thread::spawn(move || server::run(&listener, &server.0, &server.1));
    loop {
        thread::sleep(Duration::from_millis(300));
        let now = newest(root);
        if now != seen {
            seen = now;
            if rebuild(&folder) {
                builds.finished();
            }
        }
    }
}

/// The port that is asked for, else the first free one from 8080.
fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port: u16| TcpListener::bind(("127.0.0.1", port));
    match port {
        Some(port) => bind(port).with_context(|| format!("cannot listen on port {port}")),
        None => (PORT..PORT + 100).find_map(|port| bind(port).ok()).context("no port is free from 8080 to 8179"),
    }
}

/// Builds beside what is served and swaps it in, so that a failed build leaves the last good page.
fn rebuild(folder: &Path) -> bool {
    let begin = Instant::now();
    let fresh = folder.with_extension("new");
    let built = build::page(Purpose::Serve, &fresh).and_then(|()| {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::rename(&fresh, folder).context("cannot put the page in place")
    });
    match built {
        Ok(()) => {
            println!("serve: built in {:.1} s", begin.elapsed().as_secs_f32());
            true
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            false
        }
    }
}

/// When a source was changed last, and how many there are: a deletion counts as a change.
fn newest(root: &Path) -> (Option<SystemTime>, usize) {
    let mut newest = (None, 0);
    let mut waiting: Vec<_> = SOURCES.iter().map(|source| root.join(source)).collect();
    while let Some(path) = waiting.pop() {
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else {
            newest = (newest.0.max(metadata.modified().ok()), newest.1 + 1);
        }
    }
    newest
}
