//! Recording × level: what each level would record, were it the deciding rule's, and what it adds to the level below.

use serde::Serialize;

use crate::json::members;
use crate::recording::{Fate, StageRecord};
use crate::{Exchange, Level, Policy, Recording, Release, record};

/// What each of the levels would record of an exchange, everything else being as the policy decides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Levels {
    /// The level that the policy decided on.
    pub applied: Level,
    /// The levels, lowest first.
    pub rungs: Vec<Rung>,
}

/// What one level would record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rung {
    /// The level.
    pub level: Level,
    /// The four stages, in order of time.
    pub stages: Vec<RungStage>,
}

/// What one level would record at one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RungStage {
    /// The stage, as [`crate::record`] has it.
    #[serde(flatten)]
    pub record: StageRecord,
    /// The names of the event's members that the event of the level below lacks, in their order; all of them where it has no event.
    pub adds: Vec<String>,
}

/// How much more one level records than another, over all stages; negative for less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Events.
    pub events: isize,
    /// Members of the events that both record.
    pub fields: isize,
    /// Bytes of JSON lines, newlines and all.
    pub bytes: isize,
}

/// What each level would record of the exchange of a recording. None where no policy was asked, and so no level applies.
pub fn levels(policy: &Policy, exchange: &Exchange, recording: &Recording, release: Release) -> Option<Levels> {
    let decision = recording.decision?;
    let mut rungs: Vec<Rung> = Vec::with_capacity(Level::ALL.len());
    for (level, stages) in record::at_each_level(policy, exchange, decision, release)? {
        let below = rungs.last();
        let stage = |(index, record): (usize, StageRecord)| {
            let below = below.and_then(|rung| rung.stages.get(index)).map(|stage| &stage.record);
            RungStage { adds: names_besides(&record, below), record }
        };
        let stages = stages.into_iter().enumerate().map(stage).collect();
        rungs.push(Rung { level, stages });
    }
    Some(Levels { applied: decision.level, rungs })
}

impl Levels {
    /// What this level would record.
    pub fn at(&self, level: Level) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.level == level)
    }

    /// How much more `to` records than `from`.
    pub fn difference(&self, from: Level, to: Level) -> Difference {
        let (Some(from), Some(to)) = (self.at(from), self.at(to)) else { return Difference::default() };
        let mut difference = Difference::default();
        for (from, to) in from.stages.iter().zip(&to.stages) {
            let (from, to) = (event(&from.record), event(&to.record));
            difference.events += isize::from(to.is_some()) - isize::from(from.is_some());
            difference.bytes += signed(to.map_or(0, |(_, bytes)| bytes)) - signed(from.map_or(0, |(_, bytes)| bytes));
            if let (Some((from, _)), Some((to, _))) = (from, to) {
                difference.fields += signed(members(to).len()) - signed(members(from).len());
            }
        }
        difference
    }
}

fn signed(number: usize) -> isize {
    isize::try_from(number).unwrap_or(isize::MAX)
}

/// The event's line and its bytes.
fn event(record: &StageRecord) -> Option<(&str, usize)> {
    match &record.fate {
        Fate::Recorded { line, bytes, .. } => Some((line, *bytes)),
        _ => None,
    }
}

fn names_besides(record: &StageRecord, below: Option<&StageRecord>) -> Vec<String> {
    let Some((line, _)) = event(record) else { return Vec::new() };
    let has = below.and_then(event).map(|(line, _)| members(line)).unwrap_or_default();
    let is_new = |name: &str| !has.iter().any(|(known, _)| *known == name);
    members(line).into_iter().filter(|(name, _)| is_new(name)).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Format, ReadOptions, read};
    use crate::{Rule, Stage};

    /// The levels of a request of which the event is this, under one rule.
    fn levels_of(rule: Rule, request: &str, release: Release) -> Levels {
        let options = ReadOptions { format: Some(Format::Http), release, ..ReadOptions::default() };
        let exchange = read(request.as_bytes(), &options).unwrap().requests.remove(0).exchange;
        let policy = Policy::of_rules([rule]);
        let recording = record(&policy, &exchange, release);
        levels(&policy, &exchange, &recording, release).unwrap()
    }

    const PATCH: &str = "PATCH /api/v1/namespaces/prod/secrets/db HTTP/1.1\r\nContent-Type: application/merge-patch+json\r\n\r\n\
                         {\"stringData\":{\"password\":\"x\"}}\n\
                         HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}";

    #[test]
    fn each_level_tells_what_it_adds() {
        let rule = Rule { level: Level::Metadata, omit_stages: vec![Stage::RequestReceived], ..Rule::default() };
        let levels = levels_of(rule, PATCH, Release::NEWEST);
        let added: Vec<(Level, Vec<String>)> = levels
            .rungs
            .iter()
            .map(|rung| (rung.level, rung.stages.iter().flat_map(|stage| stage.adds.clone()).collect()))
            .collect();
        assert_eq!(added[0], (Level::None, vec![]));
        assert_eq!(added[1].1.first().map(String::as_str), Some("kind"));
        assert_eq!(added[2], (Level::Request, vec!["requestObject".to_owned()]));
        assert_eq!(added[3], (Level::RequestResponse, vec!["responseObject".to_owned()]));
        // The member, its comma, and the level's name, which is a byte shorter than Metadata.
        let member = r#""requestObject":{"stringData":{"password":"x"}},"#;
        assert_eq!(
            levels.difference(Level::Metadata, Level::Request),
            Difference { events: 0, fields: 1, bytes: signed(member.len()) - 1 }
        );
        let down = levels.difference(Level::RequestResponse, Level::Metadata);
        assert_eq!((down.events, down.fields), (0, -2));
        assert_eq!(levels.difference(Level::None, Level::Metadata).events, 1);
    }

    #[test]
    fn what_cannot_be_written_is_lost_from_request_up() {
        let request = PATCH.replace("{\"stringData\"", "no JSON");
        let rule = Rule { level: Level::Metadata, ..Rule::default() };
        let levels = levels_of(rule, &request, Release::new(30).unwrap());
        let lost = |level| levels.at(level).unwrap().stages.iter().any(|s| matches!(s.record.fate, Fate::Lost { .. }));
        assert_eq!(Level::ALL.map(lost), [false, false, true, true]);
        assert_eq!(levels.difference(Level::Metadata, Level::Request).events, -1);
    }
}
