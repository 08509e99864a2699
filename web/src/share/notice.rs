//! What is said above the page: a link that does not open, a file that was opened.

use audit_policy::Diagnostic;
use audit_policy::request::scenario::Scenario;

/// Something that is said until it is dismissed or something else is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Whether something went wrong.
    pub alert: bool,
    /// What is the matter, with what was typed in backticks.
    pub text: String,
    /// What to do.
    pub help: String,
    /// What can be chosen, each with its name.
    pub choices: Vec<(String, Scenario)>,
}

impl Notice {
    /// Something went wrong.
    pub fn alert(text: &str, help: &str) -> Notice {
        Notice { alert: true, text: text.to_owned(), help: help.to_owned(), choices: Vec::new() }
    }

    /// Something was done.
    pub fn note(text: String, help: &str) -> Notice {
        Notice { alert: false, text, help: help.to_owned(), choices: Vec::new() }
    }

    /// A finding of the engine.
    pub fn of(finding: Diagnostic) -> Notice {
        Notice { alert: true, text: finding.message, help: finding.help.unwrap_or_default(), choices: Vec::new() }
    }
}
