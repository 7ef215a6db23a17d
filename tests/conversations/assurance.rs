//! What is promised of decisions and of the record, tried as often as it is promised: a little in
//! `make test`, all of it in `make assure`. Named by the ids of `docs/assurance.md`.
//!
//! - [`unauthorised`]  A5: who may not, by every way in; [`entries`] and [`outsiders`] are those
//! - [`foreign_cards`] B2: stale, forwarded, borrowed and foreign cards
//! - [`bent_clicks`]   B3: clicks that were changed
//! - [`clicks`]        B5: clicks at the same instant; `races` has those through the doors
//! - [`clocks`]        B9: the clock jumps
//! - [`cross_talk`]    B10: fifty cards in one thread
//! - [`flood`]         B11: more cards than one approver can read
//! - [`hidden_paths`]  C1: hidden ways to more rights
//! - [`protected`]     C2: every action about protected accounts
//! - [`mass`]          C4: mass changes in small pieces
//! - [`effects`]       E2: effects and the record, compared
//! - [`forgotten`]     E4: people are forgotten
//! - [`mould`]         a request that is cast again and again
//!
//! Elsewhere: B4 in `drifting`, B7 in `rights`, B8 in `golden` and here, C3 in `tenants_apart`,
//! E1 in `record`; what needs no house is in `tests/assured.rs`.

mod bent_clicks;
mod clicks;
mod clocks;
mod cross_talk;
mod effects;
mod entries;
mod flood;
mod foreign_cards;
mod forgotten;
mod hidden_paths;
mod mass;
mod mould;
mod outsiders;
mod protected;
mod unauthorised;

use countersign::domain::chat::Verb;

use crate::stage::{APPROVALS, HELPDESK, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn b8_a_card_from_before_a_restart_decides_as_it_did() {
    for verb in [Verb::Approve, Verb::Reject] {
        let mut stage = Stage::new().await;
        stage.says("tina.tech", "disable john.doe@contoso.com").await;
        stage.fall().await;
        stage.start().await;
        stage.presses("anna.approver", APPROVALS, verb).await;
        let ran = usize::from(verb == Verb::Approve);
        assert_eq!(stage.effects().len(), ran);
        let card = stage.newest(HELPDESK);
        let expected = if ran == 1 { "Done: " } else { "Rejected: " };
        assert!(card.starts_with(expected), "{card}");
    }
}
