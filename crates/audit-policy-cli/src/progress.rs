//! How far a long run is: a line on a terminal, and nothing anywhere else.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// A run that takes no longer than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the line is drawn again.
const EVERY: Duration = Duration::from_millis(80);
/// The characters of a full bar.
const WIDTH: usize = 30;

/// A line on standard error that says how far a run is.
pub struct Progress {
    is_terminal: bool,
    next: Instant,
    drawn: bool,
}

impl Progress {
    pub fn new() -> Progress {
        Progress { is_terminal: io::stderr().is_terminal(), next: Instant::now() + PATIENCE, drawn: false }
    }

    /// Shows how much is done, from 0 to 1, and a word about it.
    pub fn show(&mut self, share: f64, what: impl FnOnce() -> String) {
        let now = Instant::now();
        if !self.is_terminal || now < self.next {
            return;
        }
        self.next = now + EVERY;
        self.drawn = true;
        let share = share.clamp(0.0, 1.0);
        let full = (share * WIDTH as f64) as usize;
        let (done, left) = ("#".repeat(full), "-".repeat(WIDTH.saturating_sub(full)));
        // A terminal that cannot be written to shows nothing.
        let _ = write!(io::stderr(), "\r\x1b[2K[{done}{left}] {:3.0} % {}", share * 100.0, what());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}
