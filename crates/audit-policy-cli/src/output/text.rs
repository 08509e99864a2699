//! Answers as text for people.

use std::fmt;

use audit_policy::explain::{FieldTrace, RuleState, RuleTrace};
use audit_policy::loaded::Places;
use audit_policy::recording::{Fate, StageRecord};
use audit_policy::request::{Reading, Request};
use audit_policy::{Decision, Level, Loaded, Recording, Trace, text};

use super::snippet::Source;
use super::{Paint, count, printable};
use crate::input::Input;

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
    let mut said = String::new();
    if let Some(purpose) = purpose {
        said.push_str(&format!("{}: ", printable(purpose)));
    }
    said.push_str(&format!("{}\n", verdict(recording.decision.as_ref(), paint)));
    for stage in recording.stages.iter().filter(|stage| !matches!(stage.fate, Fate::Recorded { .. })) {
        said.push_str(&format!("  {}\n", stage_line(stage)));
    }
    for text in &recording.notes {
        said.push_str(&format!("{} {}\n", paint.heading("note:"), printable(text)));
    }
    said
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

/// `ResponseStarted   not produced: the request is not long-running`
fn stage_line(record: &StageRecord) -> String {
    let fate = match &record.fate {
        Fate::Recorded { event, .. } => format!("recorded, {}", count(text::json_line(event).len() + 1, "byte")),
        Fate::Omitted { by } => format!("omitted by {by}"),
        Fate::Lost { why } => format!("lost: {}", printable(why)),
        Fate::NotProduced { why } => format!("not produced: {why}"),
    };
    // As wide as the longest name, ResponseComplete.
    format!("{:<16}  {fate}", record.stage.as_str())
}

/// What `explain` says.
pub struct Explanation<'a> {
    /// The policy's text, and where its rules are in it.
    pub policy: &'a Input,
    pub places: &'a Places,
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
                let heading = format!("Request {} of {requests}: {}", index + 1, printable(&request.purpose));
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
        if let Some(trace) = trace {
            self.rules(f, trace)?;
        }
        writeln!(f, "\n{}", self.paint.heading("Stages"))?;
        for stage in &recording.stages {
            writeln!(f, "  {}", stage_line(stage))?;
        }
        for note in &recording.notes {
            writeln!(f, "{} {}", self.paint.heading("note:"), printable(note))?;
        }
        Ok(())
    }

    fn rules(&self, f: &mut fmt::Formatter<'_>, trace: &Trace) -> fmt::Result {
        let source = Source::new(self.policy);
        if self.verbose {
            return self.section(f, "Rules", &source, trace.rules.iter());
        }
        let in_state = |state| trace.rules.iter().filter(move |rule: &&RuleTrace| rule.state == state);
        self.section(f, "Why", &source, in_state(RuleState::Matched))?;
        self.section(f, "Near misses", &source, in_state(RuleState::NearMiss))?;
        let skipped: Vec<_> = in_state(RuleState::Skipped).map(|rule| (rule.rule + 1).to_string()).collect();
        match skipped.as_slice() {
            [] => Ok(()),
            [rule] => writeln!(f, "\n{}: rule {rule}", self.paint.heading("Skipped")),
            _ => writeln!(f, "\n{}: rules {}", self.paint.heading("Skipped"), skipped.join(", ")),
        }
    }

    fn section<'r>(
        &self,
        f: &mut fmt::Formatter<'_>,
        heading: &str,
        source: &Source<'_>,
        rules: impl Iterator<Item = &'r RuleTrace>,
    ) -> fmt::Result {
        for (index, rule) in rules.enumerate() {
            if index == 0 {
                writeln!(f, "\n{}", self.paint.heading(heading))?;
            }
            self.rule(f, source, rule)?;
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

    fn field(&self, f: &mut fmt::Formatter<'_>, field: &FieldTrace) -> fmt::Result {
        let mark = if field.matches { self.paint.good("✓") } else { self.paint.error("✗") };
        writeln!(f, "    {mark} {}", printable(&field.to_string()))
    }
}
