//! Rewards that are known already.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest as _, Sha256};

use super::Reward;

/// A part's number and the digest of a program.
type Key = (u64, [u8; 32]);

/// The last so many rewards. A network that has learnt something writes the same program again and again.
#[derive(Debug)]
pub(super) struct Cache {
    known: HashMap<Key, Reward>,
    order: VecDeque<Key>,
    most: usize,
}

impl Cache {
    /// For `most` rewards.
    pub(super) fn new(most: usize) -> Self {
        Self { known: HashMap::new(), order: VecDeque::new(), most }
    }

    /// What a program is known to be worth for a part.
    pub(super) fn get(&self, part: u64, source: &str) -> Option<Reward> {
        self.known.get(&(part, digest(source))).copied()
    }

    /// Takes note of a reward; the oldest one makes room.
    pub(super) fn put(&mut self, part: u64, source: &str, reward: Reward) {
        let key = (part, digest(source));
        if self.known.insert(key, reward).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }
}

fn digest(source: &str) -> [u8; 32] {
    Sha256::digest(source.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::Fate;

    #[test]
    fn the_oldest_makes_room() {
        let reward = |value: f64| Reward { value, fate: Fate::Measured };
        let mut cache = Cache::new(2);
        for (i, source) in ["a", "b", "a", "c"].iter().enumerate() {
            cache.put(7, source, reward(i as f64));
        }
        let values = ["a", "b", "c"].map(|source| cache.get(7, source).map(|r| r.value));
        assert_eq!(values, [None, Some(1.0), Some(3.0)]);
        assert_eq!(cache.get(8, "b"), None, "of another part");
    }
}
