//! Things that come and go, by number.

/// Things with numbers, which are used again.
#[derive(Debug)]
pub(super) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { things: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(super) fn put(&mut self, thing: T) -> usize {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.things.push(None);
            self.things.len() - 1
        });
        if let Some(place) = self.things.get_mut(slot) {
            *place = Some(thing);
        }
        slot
    }

    pub(super) fn get_mut(&mut self, slot: usize) -> Option<&mut T> {
        self.things.get_mut(slot)?.as_mut()
    }

    pub(super) fn take(&mut self, slot: usize) -> Option<T> {
        let thing = self.things.get_mut(slot)?.take()?;
        self.free.push(slot);
        Some(thing)
    }
}
