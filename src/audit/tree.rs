//! The tree of RFC 6962: its leaves, its root, and the proofs that somebody else can check
//! without the record.

use ring::digest::{self, SHA256};

/// A SHA-256.
pub type Hash = [u8; 32];

pub(super) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// What a fact's payload is in the tree: SHA-256(salt ‖ payload).
pub fn payload_hash(salt: &[u8], payload: &[u8]) -> Hash {
    sha256(&[salt, payload])
}

/// A fact's leaf.
pub fn leaf(header: &[u8], payload_hash: &Hash) -> Hash {
    sha256(&[&[0], header, payload_hash])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// A Merkle tree that only grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the complete subtrees, largest first: one for each bit of `size`.
    peaks: Vec<Hash>,
}

impl Tree {
    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree that had so many leaves and these peaks; none when they are not so many as such
    /// a tree has. Whether they are its own shows against a root that was signed.
    pub fn of_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (u64::from(size.count_ones()) == peaks.len() as u64).then_some(Self { size, peaks })
    }

    /// The roots of its complete subtrees, largest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut level = self.size;
        while level & 1 == 1 {
            let left = self.peaks.pop().expect("a set bit of the size has its peak");
            hash = node(&left, &hash);
            level >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves; SHA-256 of nothing when there are none.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return sha256(&[]) };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

/// The subtree hashes that lead from one leaf of these to their root, nearest first
/// (RFC 6962, section 2.1.1). Nothing when there is no such leaf.
pub fn inclusion(leaves: &[Hash], at: usize) -> Option<Vec<Hash>> {
    if at >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut under, mut at) = (leaves, at);
    while under.len() > 1 {
        let (left, right) = under.split_at(split(under.len()));
        if at < left.len() {
            path.push(root_of(right));
            under = left;
        } else {
            path.push(root_of(left));
            at -= left.len();
            under = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether this path leads from the leaf with that number to the root over `size` leaves
/// (RFC 9162, section 2.1.3.2).
pub fn is_included(leaf: &Hash, at: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if at >= size {
        return false;
    }
    let (mut own, mut last, mut hash) = (at, size - 1, *leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if own & 1 == 1 || own == last {
            hash = node(step, &hash);
            while own & 1 == 0 && own != 0 {
                own >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        own >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

fn root_of(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len()));
                node(&root_by_definition(left), &root_by_definition(right))
            }
        }
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|at| leaf(format!("header {at}").as_bytes(), &[7; 32])).collect()
    }

    #[test]
    fn the_root_is_the_one_of_rfc_6962() {
        for count in 0..70 {
            let leaves = leaves(count);
            assert_eq!(root_of(&leaves), root_by_definition(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn every_leaf_of_every_tree_is_proved() {
        for count in 1..40 {
            let leaves = leaves(count);
            let root = root_of(&leaves);
            for (at, leaf) in leaves.iter().enumerate() {
                let path = inclusion(&leaves, at).unwrap();
                let proved = is_included(leaf, at as u64, count as u64, &path, &root);
                assert!(proved, "leaf {at} of {count}");
            }
            assert_eq!(inclusion(&leaves, count), None);
        }
    }

    proptest! {
        #[test]
        fn nothing_else_is_proved(
            count in 2_usize..60,
            at in any::<prop::sample::Index>(),
            how in 0..6,
            bit in 0_usize..256,
        ) {
            let leaves = leaves(count);
            let root = root_of(&leaves);
            let at = at.index(count);
            let flip = |hash: &mut Hash| hash[bit / 8] ^= 1 << (bit % 8);
            let mut path = inclusion(&leaves, at).unwrap();
            let (mut own, mut root, mut number, mut size) = (leaves[at], root, at, count as u64);
            match how {
                0 => flip(&mut own),
                1 => flip(&mut root),
                2 => {
                    let step = bit % path.len();
                    flip(&mut path[step]);
                }
                3 => number = (at + 1) % count,
                4 => { path.pop(); }
                _ => { path.push(own); size += u64::from(bit % 2 == 0); }
            }
            // A tree of another size can have the very same path; its root is another.
            prop_assert!(!is_included(&own, number as u64, size, &path, &root));
        }
    }
}
