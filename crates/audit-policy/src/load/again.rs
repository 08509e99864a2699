//! A text that differs from one that is loaded already within one rule: only that rule is read.
//!
//! A policy of hundreds of rules is typed into key by key, and what a rule says depends on no other one. So the rule alone is read, below
//! what stands above the rules, and takes the place of the old one. Whatever is not plain (findings, anchors, a change of the lines
//! between which the rules stand, JSON) is loaded as a whole. What [`load_again`] answers is what [`load`] does, and a test asks both.

use super::load;
use crate::{Loaded, Release};

/// What [`load`] answers, in less time: where `text` differs from `before`, of which `loaded` is the answer, within one rule, so that this rule alone tells it.
pub fn load_again(text: &str, release: Release, before: &str, loaded: &Loaded) -> Option<Loaded> {
    if loaded.release != release || !is_clean(loaded) {
        return None;
    }
    let (same, after) = common_ends(text.as_bytes(), before.as_bytes());
    let changed_to = before.len() - after;

    let spans = &loaded.places.rules;
    let index = spans.partition_point(|place| place.span.start <= same).checked_sub(1)?;
    let (first, rule) = (spans.first()?, spans.get(index)?);
    let header = before.get(..line_start(before, first.span.start)?)?;
    let start = line_start(before, rule.span.start)?;
    let column = column_of_dash(before.get(start..rule.span.start)?)?;
    let end = block_end(before, start, column)?;
    if changed_to > end
        || rule.span.end > end
        || spans.get(index + 1).is_some_and(|next| line_start(before, next.span.start) != Some(end))
    {
        return None;
    }
    let new_end = text.len().checked_sub(before.len() - end)?;
    let block = text.get(start..new_end)?;
    // Where a line of its own ends the rule in the midst, more than the rule has changed.
    let is_whole =
        block_end(block, 0, column)? == block.len() && (after == 0 || new_end == text.len() || block.ends_with('\n'));
    // What a name of an anchor stands for, and where the parser looks for a mark of byte order, depends on all of the text.
    let is_far = |byte: u8| matches!(byte, b'&' | FIRST_OF_MARK);
    if !is_whole || text.bytes().any(is_far) && text.contains(['&', '\u{feff}']) {
        return None;
    }
    if header.contains('%') || block.contains(OTHER_BREAKS) {
        return None;
    }
    let mut alone = load([header, block].concat().as_bytes(), release);
    let (Some(policy), true, 1) =
        (&mut alone.policy, alone.findings.is_empty() && alone.warnings.is_empty(), alone.places.rules.len())
    else {
        return None;
    };
    let mut loaded = loaded.clone();
    *loaded.policy.as_mut()?.rules.get_mut(index)? = policy.rules.pop()?;
    // The rule stood below the header, and what follows it stands further down, or up, by what was typed.
    let place = alone.places.rules.pop()?;
    let grown = difference(text.len(), before.len())?;
    loaded.places.rules.iter_mut().skip(index + 1).for_each(|place| place.move_by(grown));
    let rule = loaded.places.rules.get_mut(index)?;
    *rule = place;
    rule.move_by(difference(start, header.len())?);
    let omit_stages = loaded.places.omit_stages;
    loaded.places.omit_stages = omit_stages.map(|span| if span.start < end { span } else { span.moved(grown) });
    Some(loaded)
}

/// How many bytes two texts have in common at their begins, and of what is left, at their ends. Eight are compared at a time: the texts are all but the same.
fn common_ends(text: &[u8], before: &[u8]) -> (usize, usize) {
    let eights = text.as_chunks::<8>().0.iter().zip(before.as_chunks::<8>().0);
    let same = eights.take_while(|(new, old)| new == old).count() * 8;
    let ones = text.iter().zip(before).skip(same);
    let same = same + ones.take_while(|(new, old)| new == old).count();

    let (text, before) = (text.get(same..).unwrap_or_default(), before.get(same..).unwrap_or_default());
    let eights = text.as_rchunks::<8>().1.iter().rev().zip(before.as_rchunks::<8>().1.iter().rev());
    let after = eights.take_while(|(new, old)| new == old).count() * 8;
    let ones = text.iter().rev().zip(before.iter().rev()).skip(after);
    (same, after + ones.take_while(|(new, old)| new == old).count())
}

fn difference(new: usize, old: usize) -> Option<isize> {
    Some(isize::try_from(new).ok()? - isize::try_from(old).ok()?)
}

/// What begins the mark of byte order in UTF-8.
const FIRST_OF_MARK: u8 = 0xef;

/// Line breaks of YAML that are none here.
const OTHER_BREAKS: [char; 4] = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];

fn is_clean(loaded: &Loaded) -> bool {
    loaded.accepted && loaded.findings.is_empty() && loaded.warnings.is_empty()
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> Option<usize> {
    text.get(..at).map(|before| before.rfind('\n').map_or(0, |newline| newline + 1))
}

/// The column of the `-` in what stands before a rule in its line; none where anything else stands there.
pub(super) fn column_of_dash(before: &str) -> Option<usize> {
    let column = before.find('-')?;
    let is_plain = |text: &str| text.bytes().all(|byte| byte == b' ');
    let (left, right) = (before.get(..column)?, before.get(column + 1..)?);
    (is_plain(left) && is_plain(right) && !right.is_empty()).then_some(column)
}

/// Where a rule that begins with the line at `start` ends: before the first line that is not further in, but for blank ones and comments.
fn block_end(text: &str, start: usize, column: usize) -> Option<usize> {
    let mut at = start;
    for (number, line) in text.get(start..)?.split_inclusive('\n').enumerate() {
        let content = line.trim_start_matches(' ');
        let is_blank = content.is_empty() || content.starts_with(['\n', '#']);
        if number > 0 && !is_blank && line.len() - content.len() <= column {
            break;
        }
        at += line.len();
    }
    Some(at)
}
