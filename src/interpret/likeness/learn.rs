//! How the weights come from the examples: a linear model with a soft maximum over the
//! labels, learned example by example with steps that shrink as a word has been seen more
//! (`AdaGrad`), in an order that is always the same.
//!
//! Not here: reading. Nothing of this runs in the service.

use std::collections::{BTreeMap, HashMap};

use rsa::sha2::{Digest as _, Sha256};

use super::{
    cells,
    features::{Feature, features},
    weights::{Weights, softmax},
};

/// How often each example is learned from.
const ROUNDS: usize = 14;
const STEP: f32 = 0.25;
/// Pulls every weight towards zero, so that nothing is learned by heart.
const PULL: f32 = 2e-5;
/// A word that one example alone has says nothing of others.
const SEEN_MIN: usize = 3;

/// SHA-256 of the examples.
pub fn digest(examples: &str) -> [u8; 32] {
    Sha256::digest(examples.as_bytes()).into()
}

/// Learns from lines of `label<TAB>sentence`; other lines are left out.
///
/// Nothing comes of more than 256 labels, or of labels longer than 255 bytes.
pub fn learn(examples: &str) -> Option<Weights> {
    let digest = digest(examples);
    let lines = examples.lines().filter_map(|line| line.split_once('\t'));
    let read: Vec<(&str, Vec<(Feature, usize)>)> = lines
        .map(|(label, sentence)| (label.trim(), features(&cells::of_example(sentence))))
        .collect();
    let mut seen: BTreeMap<Feature, usize> = BTreeMap::new();
    for (feature, _) in read.iter().flat_map(|(_, found)| found) {
        *seen.entry(*feature).or_default() += 1;
    }
    seen.retain(|_, times| *times >= SEEN_MIN);
    let rows: HashMap<Feature, usize> =
        seen.keys().enumerate().map(|(row, feature)| (*feature, row)).collect();
    let mut labels: Vec<String> = read.iter().map(|(label, _)| (*label).to_owned()).collect();
    labels.sort_unstable();
    labels.dedup();
    let examples: Vec<(usize, Vec<usize>)> = read
        .iter()
        .map(|(label, found)| {
            let label = labels.binary_search_by(|one| one.as_str().cmp(label)).unwrap_or_default();
            (label, found.iter().filter_map(|(feature, _)| rows.get(feature).copied()).collect())
        })
        .collect();
    let many = labels.len();
    let mut weights = vec![0.0_f32; rows.len() * many];
    let mut moved = vec![1e-3_f32; rows.len() * many];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut shuffle = 0x9e37_79b9_7f4a_7c15_u64;
    let mut shares = vec![0.0_f32; many];
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            shuffle = shuffle
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(shuffle >> 33).unwrap_or_default() % (at + 1);
            order.swap(at, other);
        }
        for example in &order {
            let (label, found) = &examples[*example];
            shares.fill(0.0);
            for row in found {
                let row = &weights[row * many..(row + 1) * many];
                shares.iter_mut().zip(row).for_each(|(share, weight)| *share += weight);
            }
            softmax(&mut shares);
            shares[*label] -= 1.0;
            for row in found {
                let range = row * many..(row + 1) * many;
                let both = weights[range.clone()].iter_mut().zip(&mut moved[range]);
                for ((weight, moved), off) in both.zip(&shares) {
                    let slope = off + PULL * *weight;
                    *moved += slope * slope;
                    *weight -= STEP * slope / moved.sqrt();
                }
            }
        }
    }
    let rows: Vec<(Feature, Vec<f32>)> = seen
        .keys()
        .enumerate()
        .map(|(row, feature)| (*feature, weights[row * many..(row + 1) * many].to_vec()))
        .collect();
    Weights::pack(digest, &labels, &rows)
}
