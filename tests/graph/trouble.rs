//! Throttling, cut connections, missing answers.

use std::time::Duration;

use countersign::{
    domain::{
        change::Change,
        trouble::Trouble,
        users::{Facet, Who},
    },
    ports::{
        directory::Directory as _,
        hands::{Hands as _, Made},
    },
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};

use crate::room::{Room, add, disable, joiner_of_sixty, remove, revoke, status};

const ALL: [Facet; 4] = [Facet::Groups, Facet::Licences, Facet::Roles, Facet::Replies];

#[tokio::test]
async fn only_the_throttled_items_of_a_batch_are_read_again() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    room.break_once("GET", "/v1.0/users/*/mailboxSettings", status(429, Some(0)));
    room.break_once("GET", "/v1.0/users/*/memberOf/*", status(503, None));
    let (dossier, asked) = room.asked_during(room.microsoft.dossier(&john, &ALL)).await;
    let dossier = dossier.unwrap().unwrap();
    assert!(dossier.replies.is_some() && !dossier.groups.is_empty());
    assert_eq!(asked.len(), 2, "one batch, and one with the two items: {asked:?}");
    let second = room.world.requests().pop().unwrap().body.unwrap();
    assert_eq!(second["requests"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_read_waits_as_long_as_it_is_told() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    room.break_once("GET", "/v1.0/users/*", status(429, Some(7)));
    let before = tokio::time::Instant::now();
    room.microsoft.user(&Who::Id(john)).await.unwrap().unwrap();
    let waited = before.elapsed();
    assert!(waited >= Duration::from_secs(7) && waited < Duration::from_secs(8), "{waited:?}");
}

#[tokio::test]
async fn a_read_gives_up_after_its_tries_and_before_an_hour_of_waiting() {
    let room = Room::new().await;
    let who = Who::Id(room.id("john.doe@contoso.com").await);
    room.world.faults().push(Fault::once("GET", "/v1.0/users/*", status(500, None)).times(None));
    let (read, asked) = room.asked_during(room.microsoft.user(&who)).await;
    assert!(matches!(read, Err(Trouble::Unreachable { what: "Microsoft Graph", .. })));
    assert_eq!(asked.len(), 4);
    room.world.faults().clear();
    room.break_once("GET", "/v1.0/users/*", status(429, Some(3_600)));
    let (read, asked) = room.asked_during(room.microsoft.user(&who)).await;
    assert!(read.is_err() && asked.len() == 1);
}

#[tokio::test]
async fn a_throttled_write_is_reported_and_not_repeated() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    room.break_once("POST", "/v1.0/users/*/revokeSignInSessions", status(429, Some(13)));
    let made = room.make_all(&[disable(&john), revoke(&john)]).await;
    assert!(matches!(made[0], Made::Accepted(_)), "{made:?}");
    assert!(matches!(made[1], Made::Busy { wait } if wait == Duration::from_secs(13)), "{made:?}");
    room.break_once("PATCH", "/v1.0/users/*", status(503, Some(2)));
    assert!(matches!(room.make(&disable(&john)).await, Made::Busy { .. }));
    room.break_once("PATCH", "/v1.0/users/*", status(503, None));
    assert!(matches!(room.make(&disable(&john)).await, Made::Unsure { .. }));
    room.break_once("POST", "/v1.0/$batch", status(429, Some(3)));
    let made = room.make_all(&[disable(&john), revoke(&john)]).await;
    assert!(made.iter().all(|made| matches!(made, Made::Busy { .. })), "{made:?}");
    assert_eq!(room.felt().len(), 1, "{:?}", room.felt());
}

#[tokio::test]
async fn an_item_that_is_missing_from_the_answer_is_unsure_and_not_repeated() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let vpn = room.group("VPN Users").await;
    room.break_once("DELETE", "/v1.0/groups/*", FaultKind::MissingItem);
    let made = room.make_all(&[disable(&john), remove(&vpn, &john), revoke(&john)]).await;
    assert!(
        matches!(made[0], Made::Accepted(_)) && matches!(made[2], Made::Accepted(_)),
        "{made:?}"
    );
    assert!(matches!(made[1], Made::Unsure { .. }), "{made:?}");
    assert_eq!(room.felt().iter().filter(|what| *what == "group.member.remove").count(), 1);
    // A read of the same sort is simply asked again.
    room.break_once("GET", "/v1.0/users/*/memberOf/*", FaultKind::MissingItem);
    let dossier = room.microsoft.dossier(&john, &ALL).await.unwrap().unwrap();
    assert!(!dossier.groups.is_empty());
}

#[tokio::test]
async fn a_connection_cut_after_the_effect_leaves_one_effect_and_a_doubt() {
    for kind in [FaultKind::CutAfter, FaultKind::Truncated] {
        let room = Room::new().await;
        let john = room.id("john.doe@contoso.com").await;
        room.break_once("POST", "/v1.0/users/*/revokeSignInSessions", kind.clone());
        let (made, asked) = room.asked_during(room.make(&revoke(&john))).await;
        assert!(matches!(made, Made::Unsure { .. }), "{kind:?}: {made:?}");
        assert_eq!((room.felt().len(), asked.len()), (1, 1), "{kind:?}: {asked:?}");
    }
}

#[tokio::test]
async fn a_batch_cut_before_or_after_is_unsure_for_all_of_it() {
    for kind in [FaultKind::CutBefore, FaultKind::CutAfter] {
        let room = Room::new().await;
        let john = room.id("john.doe@contoso.com").await;
        room.break_once("POST", "/v1.0/$batch", kind);
        let (made, asked) =
            room.asked_during(room.make_all(&[disable(&john), revoke(&john)])).await;
        assert!(made.iter().all(|made| matches!(made, Made::Unsure { .. })), "{made:?}");
        assert_eq!(asked.len(), 1, "{asked:?}");
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_with_status_200_is_no_answer() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    room.break_once("PATCH", "/v1.0/users/*", FaultKind::Html);
    assert!(matches!(room.make(&disable(&john)).await, Made::Unsure { .. }));
    room.break_once("POST", "/v1.0/$batch", FaultKind::Html);
    let made = room.make_all(&[disable(&john), revoke(&john)]).await;
    assert!(made.iter().all(|made| matches!(made, Made::Unsure { .. })), "{made:?}");
    assert!(room.felt().is_empty());
    room.break_once("GET", "/v1.0/users/*", FaultKind::Html);
    assert!(room.microsoft.user(&Who::Id(john)).await.unwrap().is_some(), "asked again");
}

#[tokio::test]
async fn an_error_after_the_effect_is_unsure_and_not_repeated() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let late = FaultKind::Status { status: 504, retry_after: RetryAfter(None), after_effect: true };
    room.break_once("PATCH", "/v1.0/users/*", late);
    assert!(matches!(room.make(&disable(&john)).await, Made::Unsure { .. }));
    assert_eq!(room.felt().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn batches_of_one_change_list_run_side_by_side() {
    let room = Room::of(&joiner_of_sixty()).await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes = Vec::new();
    for number in 0..60 {
        changes.push(remove(&room.group(&format!("Project {number:02}")).await, &john));
    }
    let slow = Fault::once("POST", "/v1.0/$batch", FaultKind::Latency { ms: 900 }).times(None);
    room.world.faults().push(slow);
    let before = tokio::time::Instant::now();
    let made = room.make_all(&changes).await;
    assert!(made.iter().all(|made| matches!(made, Made::Accepted(_))));
    let took = before.elapsed();
    assert!(took < Duration::from_millis(1_500), "three batches of 900 ms took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn the_write_quota_is_kept_and_a_long_queue_is_turned_away() {
    let room = Room::with(&joiner_of_sixty(), |settings| {
        settings.limits.writes_at_once = 20.0;
        settings.limits.quota_wait_max = Duration::from_secs(1);
    })
    .await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes: Vec<Change> = Vec::new();
    for number in 0..60 {
        changes.push(remove(&room.group(&format!("Project {number:02}")).await, &john));
    }
    let before = tokio::time::Instant::now();
    let made = room.make_all(&changes).await;
    let took = before.elapsed();
    let count = |is: fn(&Made) -> bool| made.iter().filter(|made| is(made)).count();
    assert_eq!(count(|made| matches!(made, Made::Accepted(_))), 40);
    assert_eq!(count(|made| matches!(made, Made::Busy { .. })), 20);
    assert!(took >= Duration::from_millis(990), "{took:?}");
    assert_eq!(room.felt().len(), 40);
}

#[tokio::test]
async fn what_cannot_be_read_now_is_an_error_for_those_that_asked_for_it_only() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let vpn = room.group("VPN Users").await;
    let broken = Fault::once("GET", "/v1.0/users/*/memberOf/*", status(500, None)).times(None);
    room.world.faults().push(broken);
    let (one, two) = (disable(&john), add(&vpn, &john));
    let sights = room.microsoft.look(&[&one, &two]).await;
    assert!(sights[0].is_ok() && sights[1].is_err(), "{sights:?}");
}
