//! What is made, and what is refused.

use countersign::{
    domain::{
        change::{AccountChange, Change, LicenceChange, LicenceGrant, MailboxChange, Sight},
        ids::{SkuId, UserId},
        trouble::Reason,
        users::{AutomaticReplies, RepliesAudience, RepliesStatus},
    },
    ports::hands::{Call, Hands as _, Made},
};
use jiff::SignedDuration;

use crate::room::{
    PASSWORD, Room, add, disable, joiner_of_sixty, refusal, remove, revoke, set_password, status,
};

#[tokio::test]
async fn every_kind_of_change_is_made_and_seen_to_hold() {
    let room = Room::new().await;
    let omar = room.person("omar.haddad@contoso.com").await;
    let user = || omar.id.clone().into();
    let e3 = room.sku("SPE_E3").await.id;
    let replies = AutomaticReplies {
        status: RepliesStatus::Between {
            start: "2026-12-01T08:00:00Z".parse().unwrap(),
            end: "2026-12-24T17:00:00Z".parse().unwrap(),
        },
        audience: RepliesAudience::Contacts,
        internal: "Away & \"back\" soon".into(),
        external: "<p>Away</p>".into(),
    };
    let grant = LicenceGrant { sku: e3.clone(), disabled_plans: vec![] };
    let vpn = room.group("VPN Users").await;
    let changes = [
        LicenceChange::SetLicences { user: user(), add: vec![grant], remove: vec![] }.into(),
        disable(&omar.id),
        AccountChange::EnableSignIn { user: user() }.into(),
        revoke(&omar.id),
        set_password(&omar),
        add(&vpn, &omar.id),
        remove(&vpn, &omar.id),
        MailboxChange::SetAutomaticReplies { user: user(), replies }.into(),
        LicenceChange::SetLicences { user: user(), add: vec![], remove: vec![e3] }.into(),
    ];
    for change in changes {
        let before = room.look(&change).await;
        room.clock.pass(SignedDuration::from_secs(5));
        let made = room.make(&change).await;
        assert!(matches!(made, Made::Accepted(_)), "{change:?}: {made:?}");
        let after = room.look(&change).await;
        assert!(change.holds(Some(&before), &after), "{change:?}: {before:?} → {after:?}");
    }
    assert!(room.world.password_is("omar.haddad@contoso.com", PASSWORD));
}

#[tokio::test]
async fn what_was_so_before_is_said_to_be_so() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let (vpn, finance) = (room.group("VPN Users").await, room.group("Finance Restricted").await);
    let e5 = room.sku("SPE_E5").await.id;
    let user = || john.clone().into();
    let made = room
        .make_all(&[
            add(&vpn, &john),
            remove(&finance, &john),
            LicenceChange::SetLicences { user: user(), add: vec![], remove: vec![e5.clone()] }
                .into(),
        ])
        .await;
    assert!(made.iter().all(|made| matches!(made, Made::AlreadySo)), "{made:?}");
    // A swap is all or nothing: one licence that is not held stops it whole.
    let e3 = room.sku("SPE_E3").await.id;
    let swap: Change =
        LicenceChange::SetLicences { user: user(), add: vec![], remove: vec![e5, e3] }.into();
    assert!(refusal(room.make(&swap).await).to_string().contains("none was changed"));
    assert!(room.felt().is_empty());
}

#[tokio::test]
async fn refusals_say_what_stands_in_the_way() {
    let room = Room::new().await;
    let john = room.person("john.doe@contoso.com").await;
    let sven = room.person("sven.onprem@contoso.com").await;
    let lea = room.id("lea.nowhere@contoso.com").await;
    let jane = room.id("jane.roe@contoso.com").await;
    let give = |user: &UserId, sku: &SkuId| -> Change {
        LicenceChange::SetLicences {
            user: user.clone().into(),
            add: vec![LicenceGrant { sku: sku.clone(), disabled_plans: vec![] }],
            remove: vec![],
        }
        .into()
    };
    let e3 = room.sku("SPE_E3").await.id;
    let bi = room.sku("POWER_BI_PRO").await.id;
    let p2 = room.sku("AAD_PREMIUM_P2").await.id;
    let take: Change =
        LicenceChange::SetLicences { user: jane.into(), add: vec![], remove: vec![p2] }.into();
    let cases = [
        (set_password(&sven), "on-premises"),
        (add(&room.group("Build Servers").await, &john.id), "on-premises"),
        (add(&room.group("All Engineering").await, &john.id), "membership rule"),
        (give(&lea, &e3), "usage location"),
        (take, "comes from a group"),
    ];
    for (change, words) in cases {
        let reason = refusal(room.make(&change).await).to_string();
        assert!(reason.contains(words), "{change:?}: {reason}");
    }
    let nobody = disable(&room.tenant.object(uuid::Uuid::from_u128(7)));
    assert!(matches!(room.make(&nobody).await, Made::Gone));
    let full = refusal(room.make(&give(&john.id, &bi)).await);
    let wanted = Reason::NoSeats { licence: "Power BI Pro".into(), used: 5, seats: 5 };
    assert_eq!(full, wanted);
    let guest = "rita.partner_fabrikam.com#ext#@contoso.onmicrosoft.com";
    let away = AutomaticReplies {
        status: RepliesStatus::Always,
        audience: RepliesAudience::Nobody,
        internal: "x".into(),
        external: String::new(),
    };
    let replies: Change =
        MailboxChange::SetAutomaticReplies { user: room.id(guest).await.into(), replies: away }
            .into();
    assert_eq!(room.look(&replies).await, Sight::Missing);
    assert!(refusal(room.make(&replies).await).to_string().contains("no mailbox"));
    assert!(room.felt().is_empty());
}

#[tokio::test]
async fn a_look_at_forty_changes_about_one_user_is_one_round_trip() {
    let room = Room::of(&joiner_of_sixty()).await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes = vec![disable(&john), revoke(&john)];
    for number in 0..38 {
        changes.push(remove(&room.group(&format!("Project {number:02}")).await, &john));
    }
    let all: Vec<&Change> = changes.iter().collect();
    let (sights, asked) = room.asked_during(room.microsoft.look(&all)).await;
    assert_eq!(asked, ["POST /v1.0/$batch"]);
    assert_eq!(sights.len(), 40);
    let member = |sight: &&Result<Sight, _>| matches!(sight, Ok(Sight::Member { is: true }));
    assert_eq!(sights.iter().filter(member).count(), 38);
}

#[tokio::test]
async fn sixty_changes_are_three_batches_each_change_once_and_in_order() {
    let room = Room::of(&joiner_of_sixty()).await;
    let john = room.id("john.doe@contoso.com").await;
    let mut changes = Vec::new();
    for number in 0..60 {
        changes.push(remove(&room.group(&format!("Project {number:02}")).await, &john));
    }
    // The last of them is none of John's: its answer must not land elsewhere.
    changes[59] = remove(&room.group("Finance Restricted").await, &john);
    let (made, asked) = room.asked_during(room.make_all(&changes)).await;
    assert_eq!(asked, ["POST /v1.0/$batch"; 3]);
    let accepted = made.iter().filter(|made| matches!(made, Made::Accepted(_))).count();
    assert_eq!(accepted, 59);
    assert!(matches!(made[59], Made::AlreadySo), "{:?}", made[59]);
    assert_eq!(room.felt().len(), 59);
}

#[tokio::test]
async fn each_call_carries_its_key_alone_and_in_a_batch() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let (one, two) = (disable(&john), revoke(&john));
    let keys = ["11111111-0000-7000-8000-000000000001", "11111111-0000-7000-8000-000000000002"];
    let call = |change, key| Call { change, key, secret: None, after: None };
    room.microsoft.make(&[call(&one, keys[0])]).await;
    assert_eq!(room.world.ledger()[0].client_request_id, keys[0]);
    room.microsoft.make(&[call(&one, keys[0]), call(&two, keys[1])]).await;
    let batch = room.world.requests().pop().unwrap().body.unwrap();
    let sent = batch["requests"].as_array().unwrap().iter();
    let sent: Vec<_> = sent.map(|item| item["headers"]["client-request-id"].clone()).collect();
    assert_eq!(sent, keys);
}

#[tokio::test]
async fn what_follows_goes_in_one_message_and_only_once_the_first_was_taken() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let (block, revoke) = (disable(&john), revoke(&john));
    let vpn = remove(&room.group("VPN Users").await, &john);
    assert!(room.microsoft.may_follow(&block, &revoke));
    let list = remove(&room.group("Company News").await, &john);
    assert!(!room.microsoft.may_follow(&block, &list), "a list is changed at another door");
    let call = |change, after| Call { change, key: "k", secret: None, after };
    // The plain one beside them depends on nothing, and goes by itself.
    let calls = [call(&block, None), call(&vpn, None), call(&revoke, Some(0))];
    let refuse = status(400, None);
    room.break_once("PATCH", "/v1.0/users/*", refuse);
    let (made, asked) = room.asked_during(room.microsoft.make(&calls)).await;
    assert!(matches!(made[0], Made::Refused(_) | Made::Unsure { .. }), "{made:?}");
    assert!(matches!(made[1], Made::Accepted(_)), "{made:?}");
    assert!(matches!(made[2], Made::Busy { wait } if wait.is_zero()), "{made:?}");
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(room.felt(), ["group.member.remove"], "nothing followed");
    let (made, asked) = room.asked_during(room.microsoft.make(&calls)).await;
    assert!(matches!(made[0], Made::Accepted(_)) && matches!(made[2], Made::Accepted(_)));
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(room.felt()[1..], ["user.update", "user.revoke_sessions"]);
}

#[tokio::test]
async fn a_password_step_without_a_password_sends_nothing() {
    let room = Room::new().await;
    let john = room.person("john.doe@contoso.com").await;
    let change = set_password(&john);
    let (made, asked) = room
        .asked_during(room.microsoft.make(&[Call {
            change: &change,
            key: "k",
            secret: None,
            after: None,
        }]))
        .await;
    assert!(matches!(made[0], Made::Refused(_)) && asked.is_empty(), "{made:?} {asked:?}");
}

#[tokio::test]
async fn a_group_of_another_tenant_is_never_touched() {
    let room = Room::new().await;
    let john = room.id("john.doe@contoso.com").await;
    let mut group = room.group("VPN Users").await;
    let other = countersign::domain::ids::TenantId::from(uuid::Uuid::from_u128(5));
    group.id = other.object(group.id.guid());
    let change = add(&group, &john);
    let (made, asked) = room.asked_during(room.make(&change)).await;
    assert!(refusal(made).to_string().contains("different tenants"));
    assert!(room.microsoft.look(&[&change]).await.remove(0).is_err());
    assert!(asked.is_empty());
}
