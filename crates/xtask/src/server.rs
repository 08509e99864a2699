//! A small server of static files for one developer's browser, which tells it when to load them anew.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Where the page waits for the next build.
const RELOAD: &str = "/~reload.js";
const NEXT_BUILD: &str = "/~next-build";
const RELOAD_SCRIPT: &str = "
const wait = () => fetch('/~next-build').then((answer) => (answer.status === 200 ? location.reload() : wait()));
addEventListener('load', () => wait().catch(() => {}));
";

/// Counts builds, and lets connections wait for the next.
#[derive(Default)]
pub struct Builds {
    count: Mutex<u64>,
    changed: Condvar,
}

impl Builds {
    /// Says that a build is done.
    pub fn finished(&self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_all();
    }

    /// Waits for the next build, up to half a minute: whether it came.
    fn wait(&self) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *count;
        let (count, _) = self
            .changed
            .wait_timeout_while(count, Duration::from_secs(30), |count| *count == before)
            .unwrap_or_else(PoisonError::into_inner);
        *count != before
    }
}

/// Answers connections for ever, each in a thread of its own.
pub fn run(listener: &TcpListener, folder: &Path, builds: &Arc<Builds>) {
    for stream in listener.incoming().flatten() {
        let (folder, builds) = (folder.to_owned(), Arc::clone(builds));
        // A browser that goes away in the middle of an answer is no error.
        thread::spawn(move || answer(stream, &folder, &builds).ok());
    }
}

fn answer(stream: TcpStream, folder: &Path, builds: &Builds) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let target = request.split(' ').nth(1).unwrap_or("/");
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let (status, kind, body) = match path {
        RELOAD => ("200 OK", content_type("js"), RELOAD_SCRIPT.into()),
        NEXT_BUILD if builds.wait() => ("200 OK", content_type("txt"), Vec::new()),
        NEXT_BUILD => ("204 No Content", content_type("txt"), Vec::new()),
        _ => file(folder, path),
    };
    let length = body.len();
    let mut stream = &stream;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n")?;
    write!(stream, "Cache-Control: no-store\r\nConnection: close\r\n\r\n")?;
    stream.write_all(&body)
}

fn file(folder: &Path, path: &str) -> (&'static str, &'static str, Vec<u8>) {
    let name = Path::new(match path.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    });
    let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
    let extension = name.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match fs::read(folder.join(name)) {
        Ok(body) if inside && extension == "html" => {
            let script = format!("<script src=\"{RELOAD}\" defer></script></head>");
            let html = String::from_utf8_lossy(&body).replace("</head>", &script);
            ("200 OK", content_type(extension), html.into_bytes())
        }
        Ok(body) if inside => ("200 OK", content_type(extension), body),
        _ => ("404 Not Found", content_type("txt"), b"not found\n".into()),
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" | "webmanifest" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::file;

    #[test]
    fn serves_files_of_the_folder_only() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for (path, status) in [
            ("/Cargo.toml", "200 OK"),
            ("/src/server.rs", "200 OK"),
            ("/missing", "404 Not Found"),
            ("/../../Cargo.toml", "404 Not Found"),
            ("//etc/passwd", "404 Not Found"),
        ] {
            assert_eq!(file(folder, path).0, status, "{path}");
        }
    }
}
