//! The log's files: when a new one begins, and which old ones are removed.
//!
//! Mirrors `gopkg.in/natefinch/lumberjack.v2`, which the server writes its log through. The files are taken to be empty at the begin.

use std::collections::VecDeque;

use serde::Serialize;

use super::{Duration, Rotation};
use crate::Release;

/// How the log's files end up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    /// How often a new file began.
    pub rotations: u64,
    /// How many files there are at the end, with the one that is written to.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many old files were removed.
    pub removed_files: u64,
    /// The bytes that went with them.
    pub removed_bytes: u64,
    /// The events that went with them.
    pub removed_events: u64,
    /// When the oldest event that is still there was written, if there is one.
    pub oldest: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Default)]
struct File {
    bytes: u64,
    events: u64,
    first: Option<Duration>,
    rotated: Duration,
}

/// A log file and its predecessors.
#[derive(Clone, Debug)]
pub(super) struct RotatedFile {
    /// None: not rotated.
    limit: Option<u64>,
    max_age: Option<Duration>,
    max_backups: Option<usize>,
    current: File,
    backups: VecDeque<File>,
    made: Files,
}

impl RotatedFile {
    pub(super) fn new(rotation: Rotation, is_stdout: bool, release: Release) -> RotatedFile {
        let some = |number: u32| (number > 0).then_some(number);
        RotatedFile {
            limit: rotation.limit(release).filter(|_| !is_stdout),
            max_age: some(rotation.max_age).map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
            max_backups: some(rotation.max_backups).and_then(|count| usize::try_from(count).ok()),
            current: File::default(),
            backups: VecDeque::new(),
            made: Files::default(),
        }
    }

    /// Writes a line; false where it is longer than a file may be: it is lost.
    pub(super) fn write(&mut self, now: Duration, bytes: u64) -> bool {
        if let Some(limit) = self.limit {
            if bytes > limit {
                return false;
            }
            if self.current.bytes + bytes > limit {
                self.rotate(now);
            }
        }
        self.current.bytes += bytes;
        self.current.events += 1;
        self.current.first.get_or_insert(now);
        true
    }

    fn rotate(&mut self, now: Duration) {
        self.backups.push_back(File { rotated: now, ..std::mem::take(&mut self.current) });
        self.made.rotations += 1;
        while let Some(oldest) = self.backups.front() {
            let is_too_many = self.max_backups.is_some_and(|most| self.backups.len() > most);
            let is_too_old = self.max_age.is_some_and(|age| oldest.rotated + age < now);
            if !is_too_many && !is_too_old {
                break;
            }
            self.made.removed_files += 1;
            self.made.removed_bytes += oldest.bytes;
            self.made.removed_events += oldest.events;
            self.backups.pop_front();
        }
    }

    pub(super) fn files(&self) -> Files {
        let files = || self.backups.iter().chain([&self.current]);
        Files {
            files: u64::try_from(self.backups.len()).unwrap_or(u64::MAX).saturating_add(1),
            bytes: files().map(|file| file.bytes).sum(),
            oldest: files().find_map(|file| file.first),
            ..self.made
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn files(rotation: Rotation, writes: &[(u64, u64)]) -> Files {
        let mut file = RotatedFile::new(rotation, false, Release::NEWEST);
        for (hour, bytes) in writes {
            file.write(Duration::from_secs(hour * 3600), *bytes);
        }
        file.files()
    }

    #[test]
    fn a_file_holds_its_size_and_no_more() {
        let rotation = Rotation { max_size: 1, max_age: 0, max_backups: 0 };
        assert_eq!(files(rotation, &[(0, MIB - 10), (1, 10)]).rotations, 0);
        let made = files(rotation, &[(0, MIB - 10), (1, 11), (2, MIB + 1)]);
        assert_eq!((made.rotations, made.files, made.bytes), (1, 2, MIB + 1));
    }

    #[test]
    fn old_files_are_removed_by_number_and_by_age() {
        let full = [(0, MIB), (30, MIB), (60, MIB), (90, MIB)];
        let by_number = files(Rotation { max_size: 1, max_age: 0, max_backups: 1 }, &full);
        assert_eq!((by_number.rotations, by_number.files, by_number.removed_events), (3, 2, 2));
        assert_eq!(by_number.oldest, Some(Duration::from_secs(60 * 3600)));
        let by_age = files(Rotation { max_size: 1, max_age: 1, max_backups: 0 }, &full);
        assert_eq!((by_age.files, by_age.removed_files), (2, 2));
        let kept = files(Rotation { max_size: 1, max_age: 0, max_backups: 0 }, &full);
        assert_eq!((kept.files, kept.removed_files), (4, 0));
    }
}
