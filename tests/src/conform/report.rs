//! Counts of passed and failed cases, and the cases known to differ.

use std::collections::BTreeMap;
use std::fmt;

/// Cases that are known to differ, with reasons: the list items of DIFFERENCES.md that begin with a case's id in backticks.
#[derive(Clone, Debug, Default)]
pub struct Differences(Vec<String>);

impl Differences {
    /// Reads the Markdown text of DIFFERENCES.md.
    pub fn parse(markdown: &str) -> Differences {
        let ids = markdown.lines().filter_map(|line| line.trim_start().strip_prefix("- `")?.split_once('`'));
        Differences(ids.map(|(id, _)| id.to_owned()).collect())
    }

    fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|known| known == id)
    }
}

/// One count: a name and what became of its cases.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Cases that agree.
    pub passed: usize,
    /// Cases that do not, as id and what differs.
    pub failures: Vec<(String, String)>,
    /// Cases that do not, and are named in DIFFERENCES.md.
    pub differ: usize,
    /// Cases that were not run.
    pub not_run: usize,
}

impl Tally {
    /// The part of the cases run that agree, from 0 to 1.
    pub fn share(&self) -> f64 {
        let run = self.passed + self.failures.len() + self.differ;
        if run == 0 { 1.0 } else { self.passed as f64 / run as f64 }
    }
}

/// The counts of a run, by name.
#[derive(Clone, Debug, Default)]
pub struct Report {
    differences: Differences,
    tallies: BTreeMap<String, Tally>,
}

impl Report {
    /// An empty report that knows these differences.
    pub fn new(differences: Differences) -> Report {
        Report { differences, tallies: BTreeMap::new() }
    }

    /// Counts one case under `name`: passed, or what differs.
    pub fn count(&mut self, name: &str, id: &str, outcome: Result<(), String>) {
        let tally = self.tallies.entry(name.to_owned()).or_default();
        match outcome {
            Ok(()) => tally.passed += 1,
            Err(_) if self.differences.contains(id) => tally.differ += 1,
            Err(what) => tally.failures.push((id.to_owned(), what)),
        }
    }

    /// Counts cases that were not run.
    pub fn not_run(&mut self, name: &str, cases: usize) {
        self.tallies.entry(name.to_owned()).or_default().not_run += cases;
    }

    /// The counts, by name.
    pub fn tallies(&self) -> impl Iterator<Item = (&str, &Tally)> {
        self.tallies.iter().map(|(name, tally)| (name.as_str(), tally))
    }
}

/// One line a count, then the first five failures of each.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, tally) in self.tallies() {
            let Tally { passed, failures, differ, not_run } = tally;
            writeln!(f, "{name}: {passed} passed, {} failed, {differ} differ, {not_run} not run", failures.len())?;
        }
        for (name, tally) in self.tallies() {
            for (id, what) in tally.failures.iter().take(5) {
                writeln!(f, "\n{name} {id}\n{what}")?;
            }
        }
        Ok(())
    }
}
