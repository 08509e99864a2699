//! The states that were left last, kept by this browser: one a line, newest first.

use gloo::utils::window;
use web_sys::Storage;

/// The name under which the browser keeps them.
const KEY: &str = "recent";

/// So many states are kept.
const MOST: usize = 20;

/// So many characters are kept in all: browsers give a page five million or so.
const MOST_CHARACTERS: usize = 1_000_000;

/// A state that was left.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// When, in milliseconds since 1970.
    pub time: u64,
    /// The state, as a link's fragment.
    pub fragment: String,
    /// The verdict then.
    pub verdict: String,
    /// The first words of the request.
    pub request: String,
}

/// The states, newest first.
pub fn all() -> Vec<Left> {
    parse(&storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default())
}

/// Keeps one more state.
pub fn keep(left: Left) {
    let Some(storage) = storage() else { return };
    let mut states = with(all(), left);
    // Where there is no more room, the older half goes, until there is.
    while storage.set_item(KEY, &print(&states)).is_err() && !states.is_empty() {
        states.truncate(states.len() / 2);
    }
}

/// Forgets them all.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The states with one more in front, each once, within bounds.
fn with(mut states: Vec<Left>, left: Left) -> Vec<Left> {
    states.retain(|state| state.fragment != left.fragment);
    states.insert(0, left);
    states.truncate(MOST);
    let mut room = MOST_CHARACTERS;
    states.retain(|state| {
        let length = state.fragment.len() + state.verdict.len() + state.request.len() + 20;
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    });
    states
}

fn print(states: &[Left]) -> String {
    let line = |left: &Left| {
        let shown = |text: &str| text.replace(|character: char| character.is_control(), " ");
        format!("{}\t{}\t{}\t{}\n", left.time, left.fragment, shown(&left.verdict), shown(&left.request))
    };
    states.iter().map(line).collect()
}

/// What can be read of it; the rest is dropped.
fn parse(text: &str) -> Vec<Left> {
    let state = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        let time = fields.next()?.parse().ok()?;
        Some(Left { time, fragment: fields.next()?, verdict: fields.next()?, request: fields.next()? })
    };
    text.lines().filter_map(state).take(MOST).collect()
}

/// How long ago it was: `5 min ago`.
pub fn ago(time: u64, now: u64) -> String {
    let minutes = now.saturating_sub(time) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        1440..2880 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(time: u64, fragment: &str) -> Left {
        Left {
            time,
            fragment: fragment.to_owned(),
            verdict: "Rule 1 matched → None".to_owned(),
            request: "GET /".to_owned(),
        }
    }

    #[test]
    fn states_come_back() {
        let states = vec![left(2, "v1/b"), left(1, "v1/a")];
        assert_eq!(parse(&print(&states)), states);
        let odd = Left { verdict: "a\tb\nc".to_owned(), request: "\u{7f}".to_owned(), ..left(1, "v1/a") };
        assert_eq!(
            parse(&print(&[odd])),
            [Left { verdict: "a b c".to_owned(), request: " ".to_owned(), ..left(1, "v1/a") }]
        );
        assert_eq!(
            parse("x\tv1/a\tb\tc\n1\tv1/a\nNaN\ta\tb\tc\n3\tv1/a\tb\tc"),
            [Left { verdict: "b".into(), request: "c".into(), ..left(3, "v1/a") }]
        );
    }

    #[test]
    fn the_same_state_is_kept_once_and_the_oldest_go() {
        let mut states = Vec::new();
        for time in 0..30 {
            states = with(states, left(time, &format!("v1/{}", time % 25)));
        }
        assert_eq!(states.len(), MOST);
        assert_eq!((states[0].time, states[19].time), (29, 10));
        let again = with(states.clone(), left(99, &states[5].fragment));
        assert_eq!((again.len(), again[0].time, again[1].time), (MOST, 99, 29));
        let large = "a".repeat(MOST_CHARACTERS / 2);
        let states = with(with(with(Vec::new(), left(1, &large)), left(2, &format!("b{large}"))), left(3, "v1/c"));
        assert_eq!(states.iter().map(|state| state.time).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn times_are_told() {
        for (minutes, said) in
            [(0, "just now"), (5, "5 min ago"), (61, "1 h ago"), (1500, "yesterday"), (5000, "3 days ago")]
        {
            assert_eq!(ago(0, minutes * 60_000 + 30_000), said);
        }
        assert_eq!(ago(10, 0), "just now");
    }
}
