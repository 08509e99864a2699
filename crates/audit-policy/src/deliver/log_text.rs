//! A log of events as a load.

use std::fmt;

use super::{Load, Recipients};
use crate::event::from_node;
use crate::json::{self, Node};
use crate::{Event, Release};

/// Why a text is no log of audit events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotALog {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for NotALog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for NotALog {}

impl Load {
    /// The load of a log: events as JSON, one a line, or EventLists, or one JSON document of either. Requests arrive as far from each other as the events' times say.
    ///
    /// # Errors
    ///
    /// Where a line is no JSON, or no event.
    pub fn of_log(text: &[u8], to: &Recipients) -> Result<Load, NotALog> {
        let mut events = Vec::new();
        if let Ok(document) = json::parse(text)
            && let Some(root) = document.root()
        {
            add(root, text, to.release(), &mut events).map_err(|message| NotALog { line: 1, message })?;
            return Ok(Load::of_events(&events, to));
        }
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let wrong = |message| NotALog { line: index + 1, message };
            let document = json::parse(line).map_err(|error| wrong(format!("no JSON: {}", error.message)))?;
            if let Some(root) = document.root() {
                add(root, line, to.release(), &mut events).map_err(wrong)?;
            }
        }
        Ok(Load::of_events(&events, to))
    }
}

/// Adds the event that a value is, or the events of the list that it is.
fn add(value: Node<'_>, text: &[u8], release: Release, events: &mut Vec<Event>) -> Result<(), String> {
    let items: Vec<Node<'_>> = match value.get("items") {
        Some(items) => items.items().collect(),
        None => vec![value],
    };
    for item in items {
        if item.get("auditID").is_none() || item.get("stage").is_none() {
            return Err("no audit event: it has no auditID and stage".to_owned());
        }
        events.push(from_node(item, text, release).map_err(|error| error.message)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Arrivals;
    use super::*;
    use crate::Release;
    use crate::deliver::Options;

    fn newest() -> Recipients {
        Recipients::new(&Options::default(), Release::NEWEST)
    }

    fn line(id: &str, stage: &str, received: u32, staged: u32) -> String {
        format!(
            r#"{{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"{id}","stage":"{stage}","requestURI":"/","verb":"get","user":{{}},"requestReceivedTimestamp":"2026-01-01T00:00:{received:02}.000000Z","stageTimestamp":"2026-01-01T00:00:{staged:02}.000000Z"}}"#
        )
    }

    #[test]
    fn requests_arrive_as_the_log_says() {
        let lines = [
            line("b", "RequestReceived", 3, 3),
            line("a", "RequestReceived", 1, 1),
            line("a", "ResponseComplete", 1, 2),
            line("b", "ResponseComplete", 3, 4),
        ];
        let log = Load::of_log(format!("{}\n\n", lines.join("\n")).as_bytes(), &newest()).unwrap();
        let Arrivals::Listed(arrivals) = &log.arrivals else { panic!("listed") };
        assert_eq!(arrivals.iter().map(|arrival| arrival.at.seconds()).collect::<Vec<_>>(), [0.0, 2.0]);
        // Both are the same sort of request: two events, a second apart.
        assert_eq!((log.templates.len(), log.templates[0].events[1].after.seconds()), (1, 1.0));
        assert_eq!(log.templates[0].events[0].log.unwrap().full as usize, lines[0].len() + 1);

        let list = format!(r#"{{"kind":"EventList","items":[{}]}}"#, lines.join(","));
        assert_eq!(Load::of_log(list.as_bytes(), &newest()).unwrap(), log);
    }

    #[test]
    fn what_is_no_log_is_refused_by_its_line() {
        let text = format!("{}\n{{\"a\":1}}\n", line("a", "RequestReceived", 1, 1));
        assert_eq!(
            Load::of_log(text.as_bytes(), &newest()).unwrap_err().to_string(),
            "line 2: no audit event: it has no auditID and stage"
        );
        assert!(Load::of_log(b"nonsense", &newest()).is_err());
        assert_eq!(Load::of_log(b"", &newest()).unwrap(), Load::default());
    }
}
