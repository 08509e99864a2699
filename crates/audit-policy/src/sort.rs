//! Sorting, once for all types: the standard library's sorts are made anew for every type, several thousand bytes each.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts as `slice::sort_by` does: equal items stay in their order.
pub(crate) fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order = order(items.len(), &mut |left, right| match (items.get(left), items.get(right)) {
        (Some(left), Some(right)) => compare(left, right),
        _ => Ordering::Equal,
    });
    // Cycle by cycle: each place gets its item from the place that comes next.
    for start in 0..items.len() {
        let mut place = start;
        while let Some(next) = order.get_mut(place) {
            let from = std::mem::replace(next, place);
            if from == start || from >= items.len() {
                break;
            }
            items.swap(place, from);
            place = from;
        }
    }
}

/// Sorts as `slice::sort` does.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The indices of so many items in the order that the comparison of two indices says; of equal ones the first comes first.
///
/// A merge sort from the bottom up: no recursion, and time and memory bounded for any comparison.
pub(crate) fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        merged.clear();
        for pair in order.chunks(width.saturating_mul(2)) {
            let (mut left, mut right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
            while let ([first, rest_of_left @ ..], [second, rest_of_right @ ..]) = (left, right) {
                if compare(*first, *second) == Ordering::Greater {
                    merged.push(*second);
                    right = rest_of_right;
                } else {
                    merged.push(*first);
                    left = rest_of_left;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        width = width.saturating_mul(2);
    }
    order
}

/// Where a key stands twice, the last of the pairs gets the first one's place.
pub(crate) fn unite<K: Ord, V>(pairs: &mut Vec<(K, V)>) {
    let key = |index: usize| pairs.get(index).map(|(key, _)| key);
    let order = order(pairs.len(), &mut |left, right| key(left).cmp(&key(right)));
    let mut gone = Vec::new();
    let mut first = None;
    for index in order {
        match first {
            Some(first) if pairs.get(first).map(|(key, _)| key) == pairs.get(index).map(|(key, _)| key) => {
                pairs.swap(first, index);
                gone.resize(pairs.len(), false);
                if let Some(gone) = gone.get_mut(index) {
                    *gone = true;
                }
            }
            _ => first = Some(index),
        }
    }
    let mut gone = gone.into_iter();
    pairs.retain(|_| !gone.next().unwrap_or_default());
}

/// Sorts by the key; of two with the same one only the last stays.
pub(crate) fn sort_by_key<K: Ord, V>(pairs: &mut Vec<(K, V)>) {
    unite(pairs);
    sort_by(pairs, |(left, _), (right, _)| left.cmp(right));
}

/// The pairs as a map, of two with the same key the last. Collecting would sort them first, by a sort of its own.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

#[cfg(test)]
mod tests {
    #[test]
    fn of_two_with_the_same_key_the_last_stays() {
        let mut pairs = vec![("b", 1), ("a", 2), ("c", 3), ("b", 4), ("a", 5), ("b", 6)];
        super::unite(&mut pairs);
        assert_eq!(pairs, [("b", 6), ("a", 5), ("c", 3)]);
        super::sort_by_key(&mut pairs);
        assert_eq!(pairs, [("a", 5), ("b", 6), ("c", 3)]);
    }

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut random: u32 = 1;
        for count in (0..70).chain([1000, 1023, 1024, 1025]) {
            let mut items = Vec::new();
            for index in 0..count {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push(((random >> 16) % 50, index));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            super::sort_by(&mut items, |(left, _), (right, _)| left.cmp(right));
            assert_eq!(items, expected);
            super::sort_by(&mut items, |left, right| right.cmp(left));
            expected.sort_by(|left, right| right.cmp(left));
            assert_eq!(items, expected);
        }
    }
}
