//! Answers as text for people.

use std::fmt;

use audit_policy::explain::{FieldTrace, RuleState, RuleTrace};
use audit_policy::loaded::Places;
use audit_policy::recording::{Fate, StageRecord};
use audit_policy::request::{Assumption, Reading, Request};
use audit_policy::{Attributes, Decision, Level, Loaded, Policy, Recording, Release, Stage, Trace, nearest};

use super::snippet::Source;
use super::{Paint, count, printable};
use crate::input::Input;

/// How many near misses are shown where not everything is.
const MOST_NEAR_MISSES: usize = 10;

/// What `check` says of a policy: the API server's words, then each finding in its place.
pub fn loaded(loaded: &Loaded, policy: &Input, paint: Paint) -> String {
    let release = loaded.release;
    let mut answer = match (&loaded.error, &loaded.policy) {
        (Some(error), _) => {
            let message = error.startup_message.as_ref().unwrap_or(&error.message);
            format!("{} by Kubernetes {release}:\n{}\n", paint.error("refused"), printable(message))
        }
        (None, policy) => {
            let rules = count(policy.as_ref().map_or(0, |policy| policy.rules.len()), "rule");
            format!("{} by Kubernetes {release}: {rules}\n", paint.good("accepted"))
        }
    };
    for warning in &loaded.warnings {
        answer.push_str(&format!("logged as a warning:\n{}\n", printable(warning)));
    }
    if !loaded.findings.is_empty() {
        answer.push('\n');
        answer.push_str(Source::new(policy).render(&loaded.findings, paint).trim_end());
        answer.push('\n');
    }
    answer
}

/// What `record` says besides the events: the verdict, the stages that are not recorded, and notes.
pub fn left_out(recording: &Recording, purpose: Option<&str>, paint: Paint) -> String {
    let purpose = purpose.map(|purpose| format!("{}: ", printable(purpose))).unwrap_or_default();
    let mut said = format!("{purpose}{}\n", verdict(recording.decision.as_ref(), paint));
    said.extend(stage_lines(recording, |stage| !matches!(stage.fate, Fate::Recorded { .. })));
    said.push_str(&notes(recording, paint));
    said
}

/// What was assumed, a line each under a heading.
pub fn assumed(assumed: &[Assumption], paint: Paint) -> String {
    if assumed.is_empty() {
        return String::new();
    }
    let lines = assumed
        .iter()
        .map(|assumption| format!("  {}: {}\n", printable(&assumption.about), printable(&assumption.text)));
    format!("{}\n{}", paint.heading("assumed:"), lines.collect::<String>())
}

fn notes(recording: &Recording, paint: Paint) -> String {
    recording.notes.iter().map(|note| format!("{} {}\n", paint.heading("note:"), printable(note))).collect()
}

/// The stages as lines; one line where all have the same reason.
fn stage_lines(recording: &Recording, shown: impl Fn(&StageRecord) -> bool) -> Vec<String> {
    let mut stages = recording.stages.iter();
    let first = stages.next();
    if let Some(first) = first
        && !matches!(first.fate, Fate::Recorded { .. })
        && stages.all(|stage| stage.fate == first.fate)
    {
        return vec![stage_line("every stage", first)];
    }
    let shown = recording.stages.iter().filter(|stage| shown(stage));
    shown.map(|stage| stage_line(stage.stage.as_str(), stage)).collect()
}

/// `Rule 3 matched → Metadata`
fn verdict(decision: Option<&Decision>, paint: Paint) -> String {
    match decision {
        Some(Decision { rule: Some(rule), level, .. }) => {
            format!("{} → {}", paint.heading(format!("Rule {} matched", rule + 1)), paint.level(*level))
        }
        Some(_) => format!("{} → {}", paint.heading("No rule matched"), paint.level(Level::None)),
        None => paint.heading("Never audited"),
    }
}

/// What became of each stage; `beyond`: those of which the static policy's backends get nothing, or less.
pub fn stages(stages: &[StageRecord], beyond: &[Stage]) -> String {
    let line = |record: &StageRecord| {
        let line = stage_line(record.stage.as_str(), record);
        if !beyond.contains(&record.stage) {
            return line;
        }
        format!("{}; the static policy records less\n", line.trim_end())
    };
    stages.iter().map(line).collect()
}

/// A text of the input, for a terminal.
pub fn plain(text: &str) -> String {
    printable(text).to_string()
}

/// `ResponseStarted   not produced: the request is not long-running`
fn stage_line(name: &str, record: &StageRecord) -> String {
    let fate = match &record.fate {
        Fate::Recorded { bytes, .. } => format!("recorded, {}", count(*bytes, "byte")),
        Fate::Omitted { by } => format!("omitted by {by}"),
        Fate::Lost { why } => format!("lost: {}", printable(why)),
        Fate::NotProduced { why } => format!("not produced: {why}"),
    };
    // As wide as the longest name, ResponseComplete.
    format!("  {name:<16}  {fate}\n")
}

/// `1, 3 to 7, 9`, of numbers in order.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let texts = ranges.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// What `explain` says.
pub struct Explanation<'a> {
    /// The policy, its text, and where its rules are in it.
    pub policy: &'a Policy,
    pub text: &'a Input,
    pub places: &'a Places,
    pub release: Release,
    pub reading: &'a Reading,
    /// The index of the request that is answered for.
    pub pick: usize,
    /// What is recorded of each request of the reading, and why.
    pub explained: &'a [(Recording, Option<Trace>)],
    /// Whether every rule is shown.
    pub verbose: bool,
    pub paint: Paint,
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (reading, pick) = (self.reading, self.pick);
        let picked = self.explained.get(pick);
        writeln!(f, "{}\n", verdict(picked.and_then(|(recording, _)| recording.decision.as_ref()), self.paint))?;
        writeln!(f, "{}  {}", self.paint.heading("Understood"), printable(&reading.understood))?;
        for (index, assumption) in reading.assumed.iter().enumerate() {
            let heading = if index == 0 { self.paint.heading("Assumed") } else { "       ".to_owned() };
            writeln!(f, "{heading}     {}: {}", printable(&assumption.about), printable(&assumption.text))?;
        }
        if !reading.discovery.is_empty() {
            let calls = count(reading.discovery.len(), "discovery call");
            writeln!(f, "{}      {calls}, audited like any other request", self.paint.heading("Before"))?;
        }
        let requests = reading.requests.len();
        for (index, (request, (recording, trace))) in reading.requests.iter().zip(self.explained).enumerate() {
            writeln!(f)?;
            if requests > 1 {
                let mark = if index == pick { "  ◀ the one that this is about" } else { "" };
                let heading = format!("Request {} of {requests}: {}", index + 1, printable(&request.title()));
                writeln!(f, "{}{}", self.paint.heading(heading), self.paint.quiet(mark))?;
            }
            writeln!(f, "{}", request_line(request))?;
            if index != pick {
                writeln!(f, "{}", verdict(recording.decision.as_ref(), self.paint))?;
            }
            if index == pick || self.verbose {
                self.details(f, recording, trace.as_ref())?;
            }
        }
        Ok(())
    }
}

/// `GET /api/v1/pods?limit=500`
fn request_line(request: &Request) -> String {
    let http = &request.exchange.request;
    printable(&format!("{} {}", http.method, http.target)).into_owned()
}

impl Explanation<'_> {
    fn details(&self, f: &mut fmt::Formatter<'_>, recording: &Recording, trace: Option<&Trace>) -> fmt::Result {
        if let Some((trace, attributes)) = trace.zip(recording.attributes.as_ref()) {
            self.rules(f, trace, attributes)?;
        }
        writeln!(f, "\n{}", self.paint.heading("Stages"))?;
        for line in stage_lines(recording, |_| true) {
            f.write_str(&line)?;
        }
        f.write_str(&notes(recording, self.paint))
    }

    fn rules(&self, f: &mut fmt::Formatter<'_>, trace: &Trace, attributes: &Attributes) -> fmt::Result {
        let source = Source::new(self.text);
        if self.verbose {
            return self.section(f, "Rules", &source, trace.rules.iter(), Some(attributes));
        }
        let in_state = |state| trace.rules.iter().filter(move |rule: &&RuleTrace| rule.state == state);
        self.section(f, "Why", &source, in_state(RuleState::Matched), None)?;
        let near_misses = in_state(RuleState::NearMiss).take(MOST_NEAR_MISSES);
        self.section(f, "Near misses", &source, near_misses, None)?;
        let more = in_state(RuleState::NearMiss).count().saturating_sub(MOST_NEAR_MISSES);
        if more > 0 {
            writeln!(f, "  and {more} more: -v shows them")?;
        }
        let skipped: Vec<_> = in_state(RuleState::Skipped).map(|rule| rule.rule + 1).collect();
        let rules = if skipped.len() == 1 { "rule" } else { "rules" };
        if skipped.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n{}  {rules} {}", self.paint.heading("Skipped"), ranges(&skipped))
    }

    /// Rules under a heading; with the request's attributes, also what would make those match that nearly do.
    fn section<'r>(
        &self,
        f: &mut fmt::Formatter<'_>,
        heading: &str,
        source: &Source<'_>,
        rules: impl Iterator<Item = &'r RuleTrace>,
        attributes: Option<&Attributes>,
    ) -> fmt::Result {
        for (index, rule) in rules.enumerate() {
            if index == 0 {
                writeln!(f, "\n{}", self.paint.heading(heading))?;
            }
            self.rule(f, source, rule)?;
            if let Some(attributes) = attributes.filter(|_| rule.state == RuleState::NearMiss) {
                self.nearest(f, rule, attributes)?;
            }
        }
        Ok(())
    }

    fn rule(&self, f: &mut fmt::Formatter<'_>, source: &Source<'_>, rule: &RuleTrace) -> fmt::Result {
        let place = self.places.rules.get(rule.rule);
        let place = place.map(|place| format!(" ({})", source.place(place.span.start))).unwrap_or_default();
        let state = match rule.state {
            RuleState::NotReached if rule.matches => format!("{}, would match", rule.state),
            state => state.to_string(),
        };
        let (number, level) = (rule.rule + 1, self.paint.level(rule.level));
        writeln!(f, "  Rule {number}, {level}, {state}{}", self.paint.quiet(place))?;
        if rule.fields.is_empty() {
            writeln!(f, "    it has no conditions, and matches every request")?;
        }
        rule.fields.iter().try_for_each(|field| self.field(f, field))
    }

    fn nearest(&self, f: &mut fmt::Formatter<'_>, rule: &RuleTrace, attributes: &Attributes) -> fmt::Result {
        match nearest(self.policy, rule.rule, attributes, self.release) {
            Some(nearest) => writeln!(f, "    it would match {}", printable(&nearest.to_string())),
            None => Ok(()),
        }
    }

    fn field(&self, f: &mut fmt::Formatter<'_>, field: &FieldTrace) -> fmt::Result {
        let mark = if field.matches { self.paint.good("✓") } else { self.paint.error("✗") };
        writeln!(f, "    {mark} {}", printable(&field.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn numbers_in_a_row_are_one_range() {
        for (numbers, expected) in [
            (&[][..], ""),
            (&[2], "2"),
            (&[1, 2], "1, 2"),
            (&[1, 2, 3], "1 to 3"),
            (&[1, 3, 4, 5, 9, 10], "1, 3 to 5, 9, 10"),
        ] {
            assert_eq!(ranges(numbers), expected);
        }
    }
}
