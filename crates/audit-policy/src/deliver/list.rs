//! A list of events, or of scenarios, as a load.

use std::fmt;

use super::load::Listed;
use super::{Load, Recipients};
use crate::Policy;
use crate::event::from_node;
use crate::json::{self, Node};
use crate::open::documents::documents;
use crate::request::scenario::Scenario;
use crate::request::{ReadOptions, Unreadable};

/// Why a text is no list of audit events or scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAList {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for NotAList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for NotAList {}

/// Whether a text is several scenarios: an array of them, one a line as JSON, or YAML documents.
pub fn has_scenarios(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        let first = match json::parse(text.as_bytes()) {
            Ok(_) if text.starts_with('{') => return false,
            Ok(document) => Ok(document),
            Err(_) => json::parse(text.lines().next().unwrap_or_default().as_bytes()),
        };
        let Ok(first) = first else { return false };
        let Some(root) = first.root() else { return false };
        return is_scenario(root.items().next().unwrap_or(root));
    }
    let parts = documents(text);
    parts.len() > 1 && parts.iter().all(|part| Scenario::parse(part.text.as_bytes()).is_ok())
}

fn is_scenario(value: Node<'_>) -> bool {
    value.get("request").is_some_and(|request| request.as_str().is_some()) && value.get("auditID").is_none()
}

impl Load {
    /// The load of a list: events as JSON, one a line, or EventLists; or scenarios, whose policies are not looked at; or an array of either; or scenarios as YAML documents.
    /// Requests arrive as far from each other as their times say.
    ///
    /// # Errors
    ///
    /// Where one is neither an event nor a scenario, or a scenario's request cannot be read.
    pub fn of_list(text: &[u8], policy: &Policy, to: &Recipients) -> Result<Load, NotAList> {
        let mut list = List { policy, to, events: Vec::new(), requests: Vec::new() };
        let is_json = text.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| b"{[".contains(byte));
        if !is_json && has_scenarios(text) {
            let lossy = String::from_utf8_lossy(text);
            for part in documents(&lossy) {
                // A slice of the text: how far in it begins.
                let offset = (part.text.as_ptr() as usize).saturating_sub(lossy.as_ptr() as usize);
                let line = lossy.get(..offset).unwrap_or_default().matches('\n').count() + 1;
                list.add_scenario(part.text.as_bytes()).map_err(|message| NotAList { line, message })?;
            }
        } else if let Ok(document) = json::parse(text)
            && let Some(root) = document.root()
        {
            list.add(root, text).map_err(|(at, message)| {
                let before = text.get(..at).unwrap_or_default();
                NotAList { line: before.iter().filter(|byte| **byte == b'\n').count() + 1, message }
            })?;
        } else {
            for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let wrong = |message| NotAList { line: index + 1, message };
                let document = json::parse(line).map_err(|error| wrong(format!("no JSON: {}", error.message)))?;
                if let Some(root) = document.root() {
                    list.add(root, line).map_err(|(_, message)| wrong(message))?;
                }
            }
        }
        let mut requests = list.requests;
        requests.extend(Load::requests_of(&list.events, to));
        Ok(Load::of_listed(requests, to))
    }
}

struct List<'a> {
    policy: &'a Policy,
    to: &'a Recipients,
    events: Vec<crate::Event>,
    requests: Vec<Listed>,
}

impl List<'_> {
    /// Adds the event or scenario that a value is, or those of the list that it is; an error says how far in the text.
    fn add(&mut self, value: Node<'_>, text: &[u8]) -> Result<(), (usize, String)> {
        let items: Vec<Node<'_>> = match value.get("items") {
            _ if value.kind() == json::Kind::Array => value.items().collect(),
            Some(items) => items.items().collect(),
            None => vec![value],
        };
        for item in items {
            let span = item.span();
            let wrong = |message| (span.start, message);
            if is_scenario(item) {
                self.add_scenario(text.get(span.start..span.end).unwrap_or_default()).map_err(wrong)?;
                continue;
            }
            if item.get("auditID").is_none() || item.get("stage").is_none() {
                let message =
                    "neither an audit event, which has auditID and stage, nor a scenario, which has a request";
                return Err(wrong(message.to_owned()));
            }
            self.events.push(from_node(item, text, self.to.release()).map_err(|error| wrong(error.message))?);
        }
        Ok(())
    }

    /// Adds the requests that a scenario's text comes to.
    fn add_scenario(&mut self, text: &[u8]) -> Result<(), String> {
        let scenario = Scenario::parse(text).map_err(Unreadable::why)?;
        let options = ReadOptions { release: self.to.release(), ..ReadOptions::default() };
        for request in scenario.read(&options).map_err(Unreadable::why)?.requests {
            let copies = self.to.copies(self.policy, &request.exchange);
            self.requests.push(Listed { at: request.exchange.times.request_received, name: request.purpose, copies });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Arrivals;
    use super::*;
    use crate::deliver::Options;
    use crate::{Release, Rule};

    fn of_list(text: &[u8]) -> Result<Load, NotAList> {
        let rule = Rule { level: crate::Level::Metadata, ..Rule::default() };
        let policy = Policy::of_rules([rule]);
        Load::of_list(text, &policy, &Recipients::new(&Options::default(), Release::NEWEST))
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
        let log = of_list(format!("{}\n\n", lines.join("\n")).as_bytes()).unwrap();
        let Arrivals::Listed(arrivals) = &log.arrivals else { panic!("listed") };
        assert_eq!(arrivals.iter().map(|arrival| arrival.at.seconds()).collect::<Vec<_>>(), [0.0, 2.0]);
        // Both are the same sort of request: two events, a second apart.
        assert_eq!((log.templates.len(), log.templates[0].events[1].after.seconds()), (1, 1.0));
        assert_eq!(log.templates[0].events[0].log.unwrap().full as usize, lines[0].len() + 1);

        let list = format!(r#"{{"kind":"EventList","items":[{}]}}"#, lines.join(","));
        assert_eq!(of_list(list.as_bytes()).unwrap(), log);
    }

    #[test]
    fn what_is_no_list_is_refused_by_its_line() {
        let text = format!("{}\n{{\"a\":1}}\n", line("a", "RequestReceived", 1, 1));
        assert_eq!(
            of_list(text.as_bytes()).unwrap_err().to_string(),
            "line 2: neither an audit event, which has auditID and stage, nor a scenario, which has a request"
        );
        assert!(of_list(b"nonsense").is_err());
        assert_eq!(of_list(b"").unwrap(), Load::default());
    }

    #[test]
    fn scenarios_arrive_as_their_times_say_in_every_shape() {
        let scenario = |request: &str, second: u32| {
            format!(
                r#"{{"version": 1, "request": "{request}", "times": {{"requestReceived": "2026-01-01T00:00:{second:02}Z"}}}}"#
            )
        };
        let two = [scenario("kubectl get pods", 7), scenario("kubectl get secret a", 2)];
        let lines = two.join("\n");
        let array = format!("[\n{}\n]", two.join(",\n"));
        let documents = format!(
            "{}\n---\n{}",
            two[0].replacen(
                '{',
                "version: 1\nrequest: kubectl get pods\ntimes: {requestReceived: 2026-01-01T00:00:07Z} # ",
                1
            ),
            "version: 1\nrequest: kubectl get secret a\ntimes: {requestReceived: 2026-01-01T00:00:02Z}\n"
        );
        for text in [&lines, &array, &documents] {
            assert!(has_scenarios(text.as_bytes()), "{text}");
            let load = of_list(text.as_bytes()).unwrap();
            let Arrivals::Listed(arrivals) = &load.arrivals else { panic!("listed") };
            assert_eq!(arrivals.iter().map(|arrival| arrival.at.seconds()).collect::<Vec<_>>(), [0.0, 5.0], "{text}");
            assert_eq!(load.templates[0].events.len(), 2);
        }
        let both = format!("{}\n{}", scenario("kubectl get pods", 1), line("a", "ResponseComplete", 3, 3));
        assert_eq!(of_list(both.as_bytes()).unwrap().requests(), 2.0);
        for text in [
            two[0].as_str(),
            "version: 1\nrequest: kubectl get pods\n",
            &line("a", "RequestReceived", 1, 1),
            "nonsense",
            "[",
            "",
        ] {
            assert!(!has_scenarios(text.as_bytes()), "{text}");
        }
        let wrong = format!("[\n{},\n{}\n]", two[0], scenario("kubectl gte pods", 1));
        assert_eq!(of_list(wrong.as_bytes()).unwrap_err().line, 3);
    }
}
