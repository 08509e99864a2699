//! A set of stages.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Stage;

/// A set of stages. Serialized, it is the list of its stages in order of time.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct StageSet(u8);

impl StageSet {
    /// The set without a stage.
    pub const EMPTY: StageSet = StageSet(0);

    /// Whether the stage is in the set.
    pub fn contains(self, stage: Stage) -> bool {
        self.0 & bit(stage) != 0
    }

    /// Whether no stage is.
    pub fn is_empty(self) -> bool {
        self == StageSet::EMPTY
    }

    /// The stages that are in either set.
    pub fn union(self, other: StageSet) -> StageSet {
        StageSet(self.0 | other.0)
    }

    /// The stages, in order of time.
    pub fn iter(self) -> impl Iterator<Item = Stage> {
        Stage::ALL.into_iter().filter(move |stage| self.contains(*stage))
    }
}

fn bit(stage: Stage) -> u8 {
    1 << stage as u8
}

impl From<&[Stage]> for StageSet {
    fn from(stages: &[Stage]) -> Self {
        StageSet(stages.iter().fold(0, |bits, stage| bits | bit(*stage)))
    }
}

impl fmt::Debug for StageSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for StageSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
