//! A hostile text takes no more work than its length allows. Work is counted in steps (looks
//! at words, names, objects, times, sentences and postings), so that no clock is needed: what
//! a step costs is measured by `countersign bench --words`.

use std::sync::LazyLock;

use countersign::{
    actions::CATALOG,
    interpret::{Index, counted, read},
};
use proptest::prelude::*;

use super::{DIRECTORY, context};

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::from_directory_json(DIRECTORY).unwrap());

/// Steps any message may take, and more for each byte. The most that was seen is 842 a byte, in
/// four kilobytes of "add a.b@c.de to VPN Users,": a short message is read several times.
const STEPS_MAX: u64 = 20_000;
const STEPS_PER_BYTE_MAX: u64 = 1_000;

/// Nobody writes these, but somebody may send them.
const PIECES: &[&str] = &[
    "a",
    "a ",
    "reset ",
    "disable Grace Kim and ",
    "disable Grace Kim, Omar Haddad, ",
    "not not if ",
    "Grace Kim ",
    "Grace Kim Omar Haddad and ",
    "grace ",
    "qwxz ",
    "accout passwrod ",
    "\"' > ",
    "\"saying \"",
    "((((",
    "| Grace Kim | reset | E3 |\n",
    "\n- ",
    "\n- reset Grace Kim's password",
    "from: a\nto: b\n",
    "From: Grace Kim\nSent: today\nSubject: access\n\n> please add me to VPN Users\n",
    "Name: Grace Kim\nStart date: 01/06/2026\nManager: Omar Haddad\n",
    "New starter\nName: Grace Kim\n",
    "\u{1F469}\u{200D}\u{1F4BB}",
    "e\u{301}\u{301}",
    "\u{200B}\u{200D}",
    "5pm friday ",
    "01/06/2026 ",
    "1 2 3 4 5 6 7 8 9 ",
    "on 1 june 2026 at 5pm until tomorrow ",
    "a.b@c.de ",
    "add a.b@c.de to VPN Users, ",
    "his her their ",
    "VPN Users Sales Team ",
    "add him to VPN Users and remove her from Sales Team ",
    "out of office saying ",
    "unlock jhon",
    "reset the password for sam. ",
    "can you please if not then ",
    "password mfa licence group mailbox account ",
    "has left and joins and moves ",
    "Grace Kim is leaving on Friday. ",
    "same for Omar Haddad. ",
    "Her last day is Friday. ",
    "VPN Users. Her last day is Friday. ",
];

/// The steps of a text of about so many bytes, and the bytes it has.
fn steps(piece: &str, bytes: usize) -> (u64, u64) {
    let words = piece.repeat(bytes / piece.len());
    let context = context(&INDEX);
    let (_, steps) = counted(|| read(&words, &context, &INDEX, CATALOG));
    (steps, u64::try_from(words.len()).unwrap())
}

fn allowed(bytes: u64) -> u64 {
    STEPS_MAX + STEPS_PER_BYTE_MAX * bytes
}

#[test]
fn hostile_texts_of_64_kib_take_steps_by_the_byte() {
    let mut over = Vec::new();
    for piece in PIECES {
        for bytes in [1 << 10, 8 << 10, 64 << 10] {
            let (steps, bytes) = steps(piece, bytes);
            eprintln!("{steps:>12} {:>6} a byte, {bytes:>6} of {piece:?}", steps / bytes);
            if steps > allowed(bytes) {
                over.push(format!("{piece:?} × {bytes} bytes: {steps} steps"));
            }
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn and_so_do_mixtures_of_them(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..8),
        bytes in (1_usize << 10)..(64 << 10),
    ) {
        let (steps, bytes) = steps(&pieces.concat(), bytes);
        prop_assert!(steps <= allowed(bytes), "{steps} steps for {bytes} bytes of {pieces:?}");
    }
}
