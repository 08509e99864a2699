//! Sets of rules, by index.

/// How many words a block has.
const WORDS: usize = 4;

/// How many rules a block has a bit for.
const RULES: usize = WORDS * 64;

/// One bit for each of 256 rules that follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Block([u64; WORDS]);

impl Block {
    pub(super) fn or(self, other: Block) -> Block {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Block([a | e, b | f, c | g, d | h])
    }

    pub(super) fn and(self, other: Block) -> Block {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Block([a & e, b & f, c & g, d & h])
    }

    /// The lowest bit, taken out.
    pub(super) fn take_first(&mut self) -> Option<usize> {
        for (base, word) in (0..).step_by(64).zip(&mut self.0) {
            if *word != 0 {
                let bit = word.trailing_zeros();
                *word &= *word - 1;
                return Some(base + bit as usize);
            }
        }
        None
    }

    fn insert(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }
}

/// A set of rules: the blocks that are not empty, in order. So sets take no more memory than what is put into them.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleSet(Vec<(usize, Block)>);

impl RuleSet {
    /// Adds a rule; rules come in order.
    pub(super) fn insert(&mut self, rule: usize) {
        let (index, bit) = (rule / RULES, rule % RULES);
        match self.0.last_mut() {
            Some((last, block)) if *last == index => block.insert(bit),
            _ => {
                let mut block = Block::default();
                block.insert(bit);
                self.0.push((index, block));
            }
        }
    }

    /// The block of this number.
    pub(super) fn block(&self, index: usize) -> Block {
        match self.0.get(index) {
            // The set has every block so far, as sets of small policies do.
            Some((found, block)) if *found == index => *block,
            _ => match self.0.binary_search_by_key(&index, |(index, _)| *index) {
                Ok(at) => self.0.get(at).map_or(Block::default(), |(_, block)| *block),
                Err(_) => Block::default(),
            },
        }
    }
}

/// The number of blocks for so many rules.
pub(super) fn blocks(rules: usize) -> usize {
    rules.div_ceil(RULES)
}

/// The rule of a bit in a block.
pub(super) fn rule(block: usize, bit: usize) -> usize {
    block * RULES + bit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_into_it() {
        let rules = [0, 1, 63, 64, 255, 256, 1_000, 70_000];
        let mut set = RuleSet::default();
        for index in rules {
            set.insert(index);
            set.insert(index);
        }
        let mut found = Vec::new();
        for index in 0..blocks(70_001) {
            let mut block = set.block(index);
            found.extend(std::iter::from_fn(|| block.take_first()).map(|bit| rule(index, bit)));
        }
        assert_eq!(found, rules);
        assert_eq!((blocks(0), blocks(256), blocks(257)), (0, 1, 2));
    }
}
