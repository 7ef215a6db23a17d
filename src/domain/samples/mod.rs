//! One of each message, as nasty as life: what cards are tested and looked at with.
//!
//! - [`requests`] the request card in every state; [`waiting`] what happens to it meanwhile;
//!   [`for_a_while`] what ends by itself
//! - [`processes`] the same of leavers, joiners and movers, with the first screen first
//! - [`batches`] the same of many people at once
//! - [`extremes`] the same at its limits: hostile, long, hundreds of steps
//! - [`forms`]    forms of actions, and the list of them
//! - [`card_forms`] forms over a request's card; [`callers`] the number its subject reads out
//! - [`gathered`] requests that are only listed
//! - [`others`]   questions, facts, links, refusals, notes
//! - [`tables`]   tables and their pages; [`tenants`] which one is meant
//! - [`reasons`]  every reason there is
//!
//! Not here: anything random. The same samples come out each time, in the same order.

pub mod batches;
pub mod callers;
pub mod card_forms;
pub mod extremes;
pub mod for_a_while;
pub mod forms;
pub mod gathered;
pub mod house;
pub mod others;
pub mod processes;
pub mod reasons;
pub mod requests;
pub mod tables;
pub mod tenants;
pub mod waiting;

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{
    ids::{Digest, Nonce, RequestId, TenantId},
    message::{ButtonToken, Message},
    users::PersonRef,
};

/// Everything that anybody ever typed to break a card.
pub const NASTY: &str = "*Ann* _O'Neil_ ~x~ `rm` <!channel> <@U123> <at>Everyone</at> :tada: \
    [Approve](https://evil.example/approve) <https://evil.example|Approve> \"q\" \\\" {{ 7*7 }} \
    {user} {% raw %} </script><b>x</b> &lt;b&gt; &amp; a|b 👩‍💻🏳️‍🌈 \u{202E}evorppa\u{2066} zero\u{200B}width \
    # head\n- list\n1. item\r\n> quote\u{2028}end\u{0007}";

/// A name that runs from right to left, with marks that try to turn the line around.
pub const FROM_RIGHT: &str = "\u{202E}שרה כהן (מנהלת)\u{202C} محمد علي";

impl Message {
    /// Samples of every variant, each with a name.
    pub fn samples() -> Vec<(String, Self)> {
        let mut all = requests::samples();
        all.extend(others::samples());
        all.extend(forms::samples());
        all.extend(card_forms::samples());
        all.extend(callers::samples());
        all.extend(batches::none_fits());
        all.extend(gathered::samples());
        all
    }
}

/// Somebody of the pretend tenant.
pub fn person(name: &str, upn: &str) -> PersonRef {
    let tenant = TenantId::from(Uuid::from_u128(0x1111_2222_3333_4444));
    let mut guid = 7_u128;
    for byte in upn.bytes() {
        guid = guid.wrapping_mul(31).wrapping_add(u128::from(byte));
    }
    PersonRef {
        id: tenant.object(Uuid::from_u128(guid)),
        name: name.to_owned(),
        upn: upn.parse().expect("the samples' sign-in names are well formed"),
    }
}

/// An instant of the samples' week.
fn at(text: &str) -> Timestamp {
    text.parse().expect("the samples' times are well formed")
}

/// What the buttons of sample cards carry.
fn token() -> ButtonToken {
    ButtonToken {
        request: RequestId(Uuid::from_u128(0x0192_8f6a_1c2d_7e3f_8a4b_5c6d_7e8f_9012)),
        nonce: Nonce::new([0xa5; 16]),
        digest: Digest::of(b"a sample plan"),
    }
}
