//! An example: a scenario with a title, a sentence, what it teaches, and what is expected of it.

use super::expect::{self, Checked, Expectation, check};
use super::read::{read_file, read_scenario};
use crate::request::Unreadable;
use crate::request::scenario::Scenario;

/// An example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// `title`: a few words, for the menu.
    pub title: String,
    /// `text`: one sentence, for the menu.
    pub text: String,
    /// `teaches`: what is learned from it, in a sentence or two.
    pub teaches: String,
    /// `scenario`: what it opens.
    pub scenario: Scenario,
    /// `expect`: what comes of it.
    pub expect: Expectation,
}

impl Example {
    /// Reads an example from YAML or JSON.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &[u8]) -> Result<Example, Unreadable> {
        let mut example = Example::default();
        let required = ["title", "text", "teaches", "scenario", "expect"];
        read_file(text, "example", &required, &[], &mut |fields, key, value| match key {
            "title" => example.title = fields.string(value, key).unwrap_or_default(),
            "text" => example.text = fields.string(value, key).unwrap_or_default(),
            "teaches" => example.teaches = fields.string(value, key).unwrap_or_default(),
            "scenario" => read_scenario(fields, value, key, &mut example.scenario),
            _ => example.expect = expect::read(fields, value, key),
        })?;
        Ok(example)
    }

    /// Whether what is expected of it comes.
    pub fn ask(&self) -> Checked {
        check(&self.expect, &self.scenario)
    }
}
