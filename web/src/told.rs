//! The answer as data for the page around a frame.

use audit_policy::json::{Map, Value};
use audit_policy::recording::Fate;

use crate::evaluate::Answer;
use crate::words;

/// `verdict` in words; `rule` (from 0) and `level` that decided; `stages`, each with `recorded`, `omitted`, `lost` or `not produced`.
/// The last three are none, and `stages` is empty, where nothing is answered to what is typed now.
pub fn answer(answer: &Answer) -> Value {
    let result = answer.result.as_ref().filter(|result| result.stale.is_none() && answer.loaded.accepted);
    let decision = result.and_then(|result| result.recording.decision.as_ref());
    let mut stages = Map::new();
    for stage in result.into_iter().flat_map(|result| &result.recording.stages) {
        let fate = match stage.fate {
            Fate::Recorded { .. } => "recorded",
            Fate::Omitted { .. } => "omitted",
            Fate::Lost { .. } => "lost",
            Fate::NotProduced { .. } => "not produced",
        };
        stages.put(stage.stage.as_str(), &fate);
    }
    let mut members = Map::new();
    members.put("verdict", &words::verdict(answer));
    members.put("rule", &decision.and_then(|decision| decision.rule));
    members.put("level", &decision.map(|decision| decision.level.as_str()));
    members.insert("stages", Value::Object(stages));
    Value::Object(members)
}
