//! What each word and pair says, as it is kept in `weights.bin`.
//!
//! The file: the digest of the examples (32 bytes), a scale (`f32`), the number of labels
//! (`u16`) and each as length and text, the number of features (`u32`), each feature
//! (`u32`, rising), where its entries end (`u32` each), and the entries, a label and a weight
//! (`u8`, `i8`). All little-endian.
//!
//! Not here: how they were learned.

use std::{borrow::Cow, cmp::Ordering};

use super::{
    cells::Cell,
    features::{Feature, features},
};

/// What a sentence is most like.
#[derive(Debug, Clone)]
pub struct Liking {
    /// The label of the examples it is most like.
    pub label: String,
    /// How surely, from 0 to 1.
    pub sure: f32,
    /// The next best label, and how surely.
    pub next: (String, f32),
    /// How surely nothing is asked.
    pub none: f32,
    /// The token that spoke most for it.
    pub at: usize,
}

/// The weights, as the file has them.
#[derive(Debug)]
pub struct Weights {
    /// SHA-256 of the examples they were learned from.
    pub digest: [u8; 32],
    /// The labels, in order.
    pub labels: Vec<String>,
    scale: f32,
    bytes: Cow<'static, [u8]>,
    /// How many features there are.
    many: usize,
    /// Where in the bytes the features, the ends and the entries begin.
    features: usize,
    ends: usize,
    entries: usize,
}

impl Weights {
    /// Reads the file; nothing if it is damaged. What is read with stays in the file's pages.
    pub fn of(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Self> {
        let bytes = bytes.into();
        let mut at = 0_usize;
        let mut take = |length: usize| {
            let from = at;
            at = from.checked_add(length)?;
            bytes.get(from..at)
        };
        let digest = take(32)?.try_into().ok()?;
        let scale = f32::from_le_bytes(take(4)?.try_into().ok()?);
        let labels = u16::from_le_bytes(take(2)?.try_into().ok()?);
        let labels = (0..labels)
            .map(|_| {
                let length = usize::from(*take(1)?.first()?);
                String::from_utf8(take(length)?.to_vec()).ok()
            })
            .collect::<Option<Vec<_>>>()?;
        let many = usize::try_from(u32::from_le_bytes(take(4)?.try_into().ok()?)).ok()?;
        let features = at;
        let ends = many.checked_mul(4)?.checked_add(features)?;
        let entries = many.checked_mul(4)?.checked_add(ends)?;
        let weights = Self { digest, labels, scale, bytes, many, features, ends, entries };
        let last = many.checked_sub(1).map_or(Some(0), |last| weights.end(last))?;
        (entries.checked_add(last.checked_mul(2)?)? == weights.bytes.len()).then_some(weights)
    }

    /// The file.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// From rows of weights by feature, rising; those that say little are left out.
    pub(super) fn pack(
        digest: [u8; 32],
        labels: &[String],
        rows: &[(Feature, Vec<f32>)],
    ) -> Option<Self> {
        let largest = rows.iter().flat_map(|(_, row)| row).fold(0.0_f32, |max, w| max.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let (mut features, mut ends, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for (feature, row) in rows {
            let before = entries.len();
            for (label, weight) in row.iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
                let small = (weight / scale).round() as i8;
                if small.unsigned_abs() >= LEAST {
                    entries.extend([u8::try_from(label).ok()?, small.to_le_bytes()[0]]);
                }
            }
            if entries.len() > before {
                features.extend(feature.to_le_bytes());
                ends.extend(u32::try_from(entries.len() / 2).ok()?.to_le_bytes());
            }
        }
        let mut bytes = digest.to_vec();
        bytes.extend(scale.to_le_bytes());
        bytes.extend(u16::try_from(labels.len()).ok()?.to_le_bytes());
        for label in labels {
            bytes.push(u8::try_from(label.len()).ok()?);
            bytes.extend(label.bytes());
        }
        bytes.extend(u32::try_from(features.len() / 4).ok()?.to_le_bytes());
        bytes.extend([features, ends, entries].concat());
        Self::of(bytes)
    }

    fn number(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    }

    /// How many entries there are up to and with this feature's.
    fn end(&self, feature: usize) -> Option<usize> {
        usize::try_from(self.number(self.ends + 4 * feature)?).ok()
    }

    /// Which feature of the file this is.
    fn place(&self, feature: Feature) -> Option<usize> {
        let (mut low, mut high) = (0, self.many);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.number(self.features + 4 * middle)?.cmp(&feature) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// A word of at least two examples?
    pub fn knows(&self, word: &str) -> bool {
        self.place(super::features::word(word)).is_some()
    }

    /// The labels a feature speaks for or against, and how much.
    fn row(&self, feature: Feature) -> impl Iterator<Item = (usize, f32)> + '_ {
        let range = self.place(feature).and_then(|place| {
            let from = place.checked_sub(1).map_or(Some(0), |before| self.end(before))?;
            Some(self.entries + 2 * from..self.entries + 2 * self.end(place)?)
        });
        let entries = range.and_then(|range| self.bytes.get(range)).unwrap_or_default();
        entries
            .chunks_exact(2)
            .map(|two| (usize::from(two[0]), f32::from(i8::from_le_bytes([two[1]])) * self.scale))
    }

    /// How surely a sentence is like each label.
    fn shares(&self, found: &[(Feature, usize)]) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.labels.len()];
        for (feature, _) in found {
            for (label, weight) in self.row(*feature) {
                if let Some(score) = scores.get_mut(label) {
                    *score += weight;
                }
            }
        }
        softmax(&mut scores);
        scores
    }

    /// What these cells are most like; nothing without weights or words.
    pub fn like(&self, cells: &[Cell]) -> Option<Liking> {
        if cells.is_empty() || self.labels.is_empty() {
            return None;
        }
        let found = features(cells);
        let shares = self.shares(&found);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|a, b| shares[*b].total_cmp(&shares[*a]));
        let (best, next) = (*order.first()?, *order.get(1)?);
        let mut spoke = vec![0.0_f32; cells.len()];
        for (feature, cell) in &found {
            if let Some((_, weight)) = self.row(*feature).find(|(label, _)| *label == best) {
                spoke[*cell] += weight;
            }
        }
        let words = (0..cells.len()).filter(|at| cells[*at].word.len() > 1);
        let most = words.max_by(|a, b| spoke[*a].total_cmp(&spoke[*b])).unwrap_or_default();
        let none = self.labels.iter().position(|label| label == super::NONE);
        Some(Liking {
            label: self.labels[best].clone(),
            sure: shares[best],
            next: (self.labels[next].clone(), shares[next]),
            none: none.map_or(0.0, |none| shares[none]),
            at: cells[most].at,
        })
    }
}

/// Weights smaller than this, in steps of the file, are left out.
const LEAST: u8 = 2;

/// Scores → shares that add up to one.
pub(super) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}
