//! Figures of assurance: what was tried so many times, and how often it went wrong.
//!
//! `make test` tries a little; `make assure` sets `COUNTERSIGN_ASSURE` to a file, tries as
//! often as is promised, and has each figure written there as a row of `docs/assurance.md`.

use std::{env, fs::OpenOptions, io::Write};

const FILE: &str = "COUNTERSIGN_ASSURE";

/// How often something is tried: `few` in `make test`, `promised` in `make assure`.
pub fn times(few: u32, promised: u32) -> u32 {
    if env::var_os(FILE).is_some() { promised } else { few }
}

/// Notes a figure: the promise's id, what was tried, how often, from which seed; none of it
/// went wrong, or the test would not have come here.
pub fn figure(id: &str, what: &str, tried: u32, seed: u64) {
    eprintln!("{id}: {what}: {tried} tried, 0 wrong, seed {seed:#x}");
    let seed = if seed == 0 { "all of them".to_owned() } else { format!("`{seed:#x}`") };
    row(&format!("| {id} | {what} | {tried} | 0 | {seed} |\n"));
}

/// Writes a row, if figures are wanted.
pub fn row(row: &str) {
    let Some(file) = env::var_os(FILE) else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
    // One write, so that rows of tests that run beside each other stay whole.
    file.write_all(row.as_bytes()).unwrap();
}

/// Chance from a seed (`SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// A place in something of this length.
    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.roll(length as u64)).expect("below a usize")
    }
}
