//! Bytes that were right once: changed by dice with a seed, so that a failure can be repeated.

/// What JSON, TOML, forms, tokens and tables stumble over.
const PIECES: &[&str] = &[
    "",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "é",
    "💥",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "-0.0",
    "18446744073709551616",
    "9223372036854775807",
    "4294967296",
    "NaN",
    "\n",
    "\r\n",
    "\t",
    ",",
    ";",
    ":",
    "=",
    "&",
    "%",
    "%00",
    "%ff",
    "+",
    "@",
    "<at>",
    "</at>",
    "<@U1|x>",
    "`",
    "..",
    "/",
    "//",
    "?",
    "#",
    "$",
    "'",
    "(",
    ")",
    "2026-02-30",
    "9999-12-31T23:59:60Z",
    "-9999-01-01",
    "[[",
    "]]",
    "\"\"\"",
    "'''",
    "eyJhbGciOiJub25lIn0",
    ".",
    "..",
    "=\"\"",
    "<html>",
    "<!--",
];
/// Nothing is made longer than this.
const BYTES_MAX: usize = 64 * 1024;

/// Chance from a seed: `SplitMix64`.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `most`, which is above 0.
    pub fn roll(&mut self, most: usize) -> usize {
        usize::try_from(self.number() % most as u64).unwrap()
    }

    fn range(&mut self, long: usize) -> std::ops::Range<usize> {
        let from = self.roll(long + 1);
        let most = [4, 32, 512][self.roll(3)];
        from..(from + self.roll(most)).min(long)
    }
}

/// `COUNTERSIGN_FUZZ`: so many cases instead of the usual few.
#[expect(clippy::disallowed_methods, reason = "a wish of whoever runs the tests, no setting")]
pub fn wanted() -> Option<u64> {
    std::env::var("COUNTERSIGN_FUZZ").ok().and_then(|said| said.parse().ok())
}

/// One of the inputs, changed up to eight times; some of it may come from another one.
pub fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.roll(seeds.len())].clone();
    for _ in 0..=dice.roll(8) {
        let range = dice.range(bytes.len());
        match dice.roll(9) {
            0 if !bytes.is_empty() => {
                let at = dice.roll(bytes.len());
                bytes[at] ^= 1 << dice.roll(8);
            }
            1 if !bytes.is_empty() => {
                let at = dice.roll(bytes.len());
                bytes[at] = dice.number().to_le_bytes()[0];
            }
            2 => drop(bytes.drain(range)),
            3 => {
                let again = bytes[range.clone()].repeat(1 + dice.roll(3));
                bytes.splice(range, again);
            }
            4 => bytes.truncate(range.start),
            5 => {
                let other = &seeds[dice.roll(seeds.len())];
                let piece = other[dice.range(other.len())].to_vec();
                bytes.splice(range, piece);
            }
            6 => {
                let deep = ["[", "{\"a\":", "\"", "(", "x", "٣"][dice.roll(6)];
                let times = [1, 100, 5_000][dice.roll(3)];
                bytes.splice(range.start..range.start, deep.repeat(times).into_bytes());
            }
            7 => number(&mut bytes, dice),
            _ => {
                let piece = PIECES[dice.roll(PIECES.len())];
                bytes.splice(range, piece.bytes());
            }
        }
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

/// Another number where one stands.
fn number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let start = if bytes.is_empty() { return } else { dice.roll(bytes.len()) };
    let Some(from) = bytes[start..].iter().position(u8::is_ascii_digit).map(|at| at + start) else {
        return;
    };
    let long = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let others = [
        "0",
        "-1",
        "1",
        "255",
        "65536",
        "4294967295",
        "4294967296",
        "1e400",
        "00",
        "9999999999999999999",
    ];
    let other = others[dice.roll(others.len())];
    bytes.splice(from..from + long, other.bytes());
}
