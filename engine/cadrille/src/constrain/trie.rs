//! A vocabulary as a trie of bytes.

/// A node: its byte, where its subtree ends, and the tokens that end here.
#[derive(Clone, Copy, Debug)]
struct Node {
    byte: u8,
    /// Index of the first node after its subtree.
    end: u32,
    /// The range in the list of tokens.
    tokens: [u32; 2],
}

/// The byte strings of all tokens, in one array in depth-first order: the subtree of a node that is refused is skipped by one
/// jump.
#[derive(Clone, Debug, Default)]
pub struct TokenTrie {
    nodes: Vec<Node>,
    tokens: Vec<u32>,
    vocabulary: usize,
}

impl TokenTrie {
    /// The trie of `pieces`: tokens with the bytes that they stand for. Tokens without bytes are in no program.
    pub fn new(pieces: impl IntoIterator<Item = (u32, Vec<u8>)>) -> Self {
        let mut pieces: Vec<(Vec<u8>, u32)> = pieces.into_iter().map(|(id, bytes)| (bytes, id)).collect();
        let vocabulary = pieces.iter().map(|p| p.1 as usize + 1).max().unwrap_or(0);
        pieces.retain(|p| !p.0.is_empty());
        pieces.sort_unstable();
        let mut trie = Self { vocabulary, ..Self::default() };
        // Nodes on the way to the piece before.
        let mut path: Vec<usize> = Vec::new();
        let mut before: &[u8] = &[];
        for (bytes, id) in &pieces {
            let shared = before.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            for node in path.drain(shared..) {
                trie.nodes[node].end = trie.nodes.len() as u32;
            }
            let at = trie.tokens.len() as u32;
            for &byte in &bytes[shared..] {
                path.push(trie.nodes.len());
                trie.nodes.push(Node { byte, end: 0, tokens: [at, at] });
            }
            trie.tokens.push(*id);
            if let Some(&last) = path.last() {
                trie.nodes[last].tokens[1] = at + 1;
            }
            before = bytes;
        }
        let end = trie.nodes.len() as u32;
        for node in path {
            trie.nodes[node].end = end;
        }
        trie
    }

    /// One more than the largest token.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Walks the trie from `state`: `read` gives the state after a byte, or `None` where that may not follow; `found` hears of
    /// each token whose bytes may all follow.
    pub fn walk<S>(&self, state: &S, read: impl Fn(&S, u8) -> Option<S>, mut found: impl FnMut(u32)) {
        // States after the bytes on the way to the node, with the end of the subtree in which they hold.
        let mut states: Vec<(S, u32)> = Vec::new();
        let mut at = 0;
        while at < self.nodes.len() {
            while states.last().is_some_and(|s| s.1 as usize <= at) {
                states.pop();
            }
            let node = self.nodes[at];
            let here = states.last().map_or(state, |s| &s.0);
            match read(here, node.byte) {
                None => at = node.end as usize,
                Some(next) => {
                    for &token in &self.tokens[node.tokens[0] as usize..node.tokens[1] as usize] {
                        found(token);
                    }
                    states.push((next, node.end));
                    at += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_along_the_bytes_that_may_follow() {
        let words = ["a", "ab", "abc", "b", "ba", "", "abd", "ab"];
        let trie = TokenTrie::new(words.iter().enumerate().map(|(i, w)| (i as u32, w.as_bytes().to_vec())));
        assert_eq!(trie.vocabulary(), 8);
        let check = |text: &str, expected: &[u32]| {
            let mut found = Vec::new();
            // The state is how much of `text` was read.
            let read = |&n: &usize, byte: u8| (text.as_bytes().get(n) == Some(&byte)).then_some(n + 1);
            trie.walk(&0, read, |token| found.push(token));
            found.sort_unstable();
            assert_eq!(found, expected, "{text}");
        };
        check("abc", &[0, 1, 2, 7]);
        check("abd", &[0, 1, 6, 7]);
        check("ba", &[3, 4]);
        check("b", &[3]);
        check("c", &[]);
    }
}
