//! B3 at the desk: clicks that say something else than the button that was posted. One thing in
//! them was changed, or several that fit together; what is signed is what was shown, or nothing.

use countersign::{
    domain::{
        chat::{Heard, Inbound, Platform, Press, Verb},
        ids::{Digest, Nonce, RequestId},
        message::Audience,
    },
    ports::clock::Clock as _,
};

use super::mould::{Cast, Mould};
use crate::{
    assure::{Dice, figure, times},
    stage::Stage,
};

/// Where chance begins.
const SEED: u64 = 0xB3C;
/// So many clicks in one house; then another is built.
const IN_A_HOUSE: u32 = 5_000;

/// Two requests that wait, and the click on the first.
struct Table {
    stage: Stage,
    cast: [Cast; 2],
}

async fn table() -> Table {
    let stage = Stage::new().await;
    stage.says("tina.tech", "revoke the sessions of jane.roe@contoso.com").await;
    let mould = Mould::of(&stage, 1001).await;
    let cast = [mould.cast(&stage, 1).await, mould.cast(&stage, 1).await];
    Table { stage, cast }
}

fn press(inbound: &mut Inbound) -> &mut Press {
    let Heard::Pressed(press) = &mut inbound.what else { panic!("a press") };
    press
}

/// Changes one thing of a click.
fn bend(inbound: &mut Inbound, table: &Table, dice: &mut Dice) -> &'static str {
    let other = &table.cast[1];
    let clock = &table.stage.clock;
    match dice.roll(12) {
        0 => {
            press(inbound).request = RequestId(clock.uuid());
            "another request that nobody knows"
        }
        1 => {
            press(inbound).request = other.id;
            "the other request"
        }
        2 => {
            press(inbound).nonce = clock.nonce();
            "another one-time value"
        }
        3 => {
            let copy = dice.place(other.copies.len());
            press(inbound).nonce = other.copies[copy].nonce.clone();
            "the one-time value of the other request"
        }
        4 => {
            let own = press(inbound).nonce.clone();
            let copies = &table.cast[0].copies;
            let mut others = copies.iter().filter(|copy| copy.nonce != own);
            press(inbound).nonce = others.nth(dice.place(copies.len() - 1)).unwrap().nonce.clone();
            "the one-time value of another copy"
        }
        5 => {
            press(inbound).digest.0[dice.place(32)] ^= 1 << dice.roll(8);
            "a bit of the digest"
        }
        6 => {
            press(inbound).digest = other.digest;
            "the other request's digest"
        }
        7 => {
            press(inbound).on.message.push('1');
            "another message"
        }
        8 => {
            press(inbound).on.place.conversation.push('X');
            "another conversation"
        }
        9 => {
            let realm = &mut press(inbound).on.place.realm;
            *realm = format!("{realm}X");
            "another workspace or tenant"
        }
        10 => {
            let platform = &mut press(inbound).on.place.platform;
            *platform =
                if *platform == Platform::Slack { Platform::Teams } else { Platform::Slack };
            "the other chat"
        }
        _ => {
            let all = Verb::ALL;
            let harmless = |verb: &Verb| !matches!(verb, Verb::Approve | Verb::Reject | Verb::Show);
            let verbs: Vec<Verb> = all.into_iter().filter(harmless).collect();
            press(inbound).verb = verbs[dice.place(verbs.len())];
            "another button"
        }
    }
}

/// Changes several that fit together: the other request in all its parts but the message, or a
/// one-time value as it could be.
fn bend_all(inbound: &mut Inbound, table: &Table, dice: &mut Dice) -> &'static str {
    let other = &table.cast[1];
    let copy = &other.copies[dice.place(other.copies.len())];
    let press = press(inbound);
    match dice.roll(3) {
        0 => {
            (press.request, press.digest) = (other.id, other.digest);
            "request and digest of the other"
        }
        1 => {
            (press.nonce, press.digest) = (copy.nonce.clone(), other.digest);
            "one-time value and digest of the other"
        }
        _ => {
            press.nonce = Nonce::new([u8::try_from(dice.roll(256)).unwrap(); 16]);
            press.digest = Digest::of(&[u8::try_from(dice.roll(256)).unwrap()]);
            "all that is hard to guess"
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_no_click_that_was_bent_decides_anything() {
    let (tried, mut dice) = (times(600, 20_000), Dice(SEED));
    let mut table = table().await;
    for at in 0..tried {
        if at > 0 && at.is_multiple_of(IN_A_HOUSE) {
            table = self::table().await;
        }
        let stage = &table.stage;
        let (who, door) = match dice.roll(3) {
            0 => ("anna.approver", Platform::Slack),
            1 => ("anna.approver", Platform::Teams),
            _ => ("theo.tech", Platform::Teams),
        };
        let verb = if dice.roll(3) == 0 { Verb::Reject } else { Verb::Approve };
        let copy = table.cast[0].copy(stage, Audience::Approvers, door, who);
        let mut inbound = table.cast[0].pressed_by(stage, who, copy, verb);
        let what = if dice.roll(4) == 0 {
            bend_all(&mut inbound, &table, &mut dice)
        } else {
            bend(&mut inbound, &table, &mut dice)
        };
        let told = format!("click {at}, seed {SEED:#x}: {what}: {:?}", inbound.what);
        let answer = stage.house().desk.handle(inbound).await.unwrap();
        let store = &stage.house().store;
        for cast in &table.cast {
            let request = store.request(&cast.id).await.unwrap().unwrap();
            assert_eq!(request.stage.name(), "pending", "{told}: {answer:?}");
            let votes = store.votes(&cast.id, request.revision).await.unwrap();
            assert!(votes.is_empty(), "{told}: {votes:?}");
        }
    }
    figure("B3", "clicks that were bent; none decides anything", tried, SEED);
}
