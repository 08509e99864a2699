//! What came of a check, as data for what shows it.

use super::expect::Checked;
use crate::json::{Map, Value};

impl Checked {
    /// `holds`; what was `understood`, at which `level` and by which `rule` (from 1), where there is one; and of what `failed`, what was `wanted` and what `came`.
    pub fn to_value(&self) -> Value {
        let mut members = Map::new();
        members.put("holds", &self.holds());
        members.put("understood", &self.understood.as_deref());
        members.put("level", &self.level.map(|level| level.as_str()));
        members.put("rule", &self.rule.map(|rule| rule + 1));
        let failed = self.parts.iter().filter(|part| !part.holds).map(|part| {
            let mut members = Map::new();
            members.put("about", &part.about.as_str());
            members.put("wanted", &part.wanted);
            members.put("came", &part.came);
            Value::Object(members)
        });
        members.insert("failed", Value::Array(failed.collect()));
        Value::Object(members)
    }
}
