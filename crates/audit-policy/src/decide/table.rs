//! Tables from strings to what is known of them.

use std::collections::HashMap;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};

/// A table by string.
#[derive(Clone, Debug)]
pub(super) struct Table<V> {
    /// The value of the empty string, which requests have most often: no name, no namespace, the core group.
    empty: Option<V>,
    others: HashMap<Box<[u8]>, V, Seed>,
}

impl<V> Table<V> {
    pub(super) fn new(seed: Seed) -> Table<V> {
        Table { empty: None, others: HashMap::with_hasher(seed) }
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<&V> {
        if key.is_empty() { self.empty.as_ref() } else { self.others.get(key) }
    }

    /// The value of a string, made where there is none.
    pub(super) fn entry(&mut self, key: &str, make: impl FnOnce() -> V) -> &mut V {
        match key.as_bytes() {
            [] => self.empty.get_or_insert_with(make),
            key => self.others.entry(key.into()).or_insert_with(make),
        }
    }
}

/// What the hash of a table begins with. It is made of the whole policy, so that it is hard to write one whose strings collide; that one
/// would be slow to ask, and answered all the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed(u64);

impl Seed {
    pub(super) fn of(value: &impl Hash) -> Seed {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Seed(hasher.finish())
    }
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

/// A hash for short strings: eight bytes a step, each multiplied to 128 bits and folded to 64.
pub(super) struct Folded(u64);

/// Odd, with its bits in no pattern: 2⁶⁴ divided by the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Folded {
    fn fold(&mut self, word: u64) {
        let wide = u128::from(self.0 ^ word) * u128::from(MULTIPLIER);
        self.0 = (wide as u64) ^ ((wide >> 64) as u64);
    }
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    /// The length of what follows.
    fn write_usize(&mut self, length: usize) {
        self.0 ^= length as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last_chunk::<8>() else { return self.fold(short_word(bytes)) };
        let mut rest = bytes;
        while let Some((chunk, after)) = rest.split_first_chunk::<8>().filter(|(_, after)| !after.is_empty()) {
            self.fold(u64::from_le_bytes(*chunk));
            rest = after;
        }
        self.fold(u64::from_le_bytes(*last));
    }
}

/// Up to seven bytes as a number; with their count it tells them apart.
fn short_word(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
        _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn strings_that_differ_anywhere_have_other_hashes() {
        let mut strings = BTreeSet::new();
        for length in 0..40 {
            let zeros = vec![0; length];
            for at in 0..length {
                let mut one = zeros.clone();
                one[at] = 1;
                strings.insert(one);
            }
            strings.insert(zeros);
        }
        let seed = Seed::of(&"any");
        let hashes: BTreeSet<u64> = strings.iter().map(|string| seed.hash_one(string.as_slice())).collect();
        assert_eq!(hashes.len(), strings.len());
    }
}
