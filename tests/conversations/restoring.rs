//! What an offboarding takes is kept first, and given back when somebody stays after all.

use countersign::{
    domain::chat::Verb,
    sim::microsoft::{Fault, FaultKind, RetryAfter},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    assure::{figure, times},
    lifecycle::approved,
    shuffled::{Dice, differs, people, settled, shuffled},
    stage::{APPROVALS, HELPDESK, Settings, Stage, shown},
};

const JOHN: &str = "john.doe@contoso.com";
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn user(stage: &Stage, upn: &str) -> Value {
    stage.world.user(upn).unwrap_or_else(|| panic!("{upn} is nobody"))
}

/// Everything the bot said in the help desk's channel.
fn said(stage: &Stage) -> String {
    stage.bot_said(HELPDESK).iter().map(shown).collect::<Vec<_>>().join("\n")
}

async fn offboarded(stage: &Stage, upn: &str) -> String {
    stage.says("tina.tech", &format!("offboard {upn}")).await;
    approved(stage).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_before_all_of_it_is_kept_and_access_ends_meanwhile() {
    let stage = Stage::new().await;
    let before = user(&stage, JOHN);
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let refuse =
        FaultKind::Status { status: 403, retry_after: RetryAfter::default(), after_effect: false };
    let methods = "/v1.0/users/*/authentication/*";
    assert!(stage.world.faults().push(Fault::once("GET", methods, refuse).times(None)));
    let card = approved(&stage).await;
    assert!(card.contains("the sign-in methods could not be read"), "{card}");
    assert!(card.contains("Retry what failed"), "{card}");
    let john = user(&stage, JOHN);
    assert_eq!(john["accountEnabled"], false, "the block does not wait: {john}");
    assert!(stage.effects().contains(&"user.revoke_sessions".to_owned()), "{:?}", stage.effects());
    for what in ["licenses", "groups"] {
        assert_eq!(john[what], before[what], "{what}");
    }
    assert_eq!(john["mailbox"]["type"], before["mailbox"]["type"]);
    assert!(!stage.effects().iter().any(|felt| felt.contains("method")), "{:?}", stage.effects());

    stage.world.faults().clear();
    stage.presses("tina.tech", HELPDESK, Verb::Retry).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Done: "), "{card}");
    assert_eq!(user(&stage, JOHN)["licenses"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_for_a_while_only_delays_what_loses() {
    let stage = Stage::new().await;
    stage.says("tina.tech", "offboard john.doe@contoso.com").await;
    let broken =
        FaultKind::Status { status: 503, retry_after: RetryAfter::default(), after_effect: false };
    let methods = "/v1.0/users/*/authentication/*";
    assert!(stage.world.faults().push(Fault::once("GET", methods, broken).times(Some(30))));
    let card = approved(&stage).await;
    let blocked = stage.effects().iter().position(|felt| felt == "user.update").unwrap();
    let first_lost = stage.effects().iter().position(|felt| felt == "user.licences");
    assert!(first_lost.is_none_or(|lost| blocked < lost), "{:?}", stage.effects());
    stage.pass(SignedDuration::from_mins(10)).await;
    let card = if card.starts_with("Done: ") { card } else { stage.newest(HELPDESK) };
    assert!(card.starts_with("Done: "), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_stays_after_all_is_brought_back_by_a_sentence() {
    let stage = Stage::new().await;
    let before = user(&stage, JOHN);
    let card = offboarded(&stage, JOHN).await;
    assert!(card.starts_with("Done: ") && card.contains("is kept until"), "{card}");
    assert!(stage.with_button(HELPDESK, Verb::Undo).is_none(), "one button, one name");
    stage.pass(DAY).await;
    let felt = stage.effects().len();
    stage.says("tina.tech", "Please bring John Doe back as he was").await;
    assert_eq!(stage.effects().len(), felt, "it waits for its own signature");
    let card = stage.newest(HELPDESK);
    assert!(card.starts_with("Waiting for a signature"), "{card}");
    for gone in ["Does not come back (#1001, step", "only the person can register it again"] {
        assert!(card.contains(gone), "the card lacks {gone:?}: {card}");
    }
    let done = approved(&stage).await;
    assert!(done.starts_with("Done: "), "{done}");
    let after = user(&stage, JOHN);
    for what in ["accountEnabled", "licenses", "groups", "mailbox", "manager"] {
        assert_eq!(after[what], before[what], "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_namesakes_the_one_who_left_is_meant_and_of_others_nothing_is_kept() {
    let stage = Stage::new().await;
    offboarded(&stage, "sam.taylor@contoso.com").await;
    stage.says("tina.tech", "bring Sam Taylor back as he was").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("sam.taylor@contoso.com"), "{card}");
    stage.says("tina.tech", "restore mona.vale@contoso.com from the offboarding").await;
    assert!(said(&stage).contains("Nothing is kept of Mona Vale"), "{}", said(&stage));
    stage.says("tina.tech", "restore #1001 from yesterday's offboarding").await;
    assert!(stage.newest(APPROVALS).contains("#1003"), "{}", stage.newest(APPROVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_time_nothing_is_kept_and_that_is_said() {
    let stage = Stage::new().await;
    offboarded(&stage, JOHN).await;
    let id = request(&stage).await;
    let store = stage.house().store.clone();
    assert!(store.snapshots(&id).await.unwrap().len() > 4);
    stage.clock.pass(DAY * 89);
    stage.house().desk.tidy().await.unwrap();
    assert!(!store.snapshots(&id).await.unwrap().is_empty());
    stage.clock.pass(DAY * 2);
    stage.house().desk.tidy().await.unwrap();
    assert_eq!(store.snapshots(&id).await.unwrap(), []);
    let seen = store.steps(&id).await.unwrap();
    assert!(seen.iter().all(|run| run.before.is_none() && run.seen.is_none()), "{seen:?}");
    stage.presses("tina.tech", HELPDESK, Verb::Restore).await;
    let whisper = stage.whispered("tina.tech").pop().unwrap();
    assert!(whisper.contains("not kept any more"), "{whisper}");
    stage.says("tina.tech", "bring John Doe back as he was").await;
    assert!(said(&stage).contains("Nothing is kept of John Doe"), "{}", said(&stage));
}

async fn request(stage: &Stage) -> countersign::domain::ids::RequestId {
    let number = countersign::domain::ids::Number(1001);
    stage.house().store.numbered(&stage.tenant(), number).await.unwrap().unwrap().id
}

/// What Microsoft does not give back; the card of the restore lists it.
const GONE: &[&str] = &["methods", "authentication", "password", "sessions", "default"];

/// Somebody of a shuffled tenant leaves and is brought back, and somebody joins and that is
/// undone: nothing is left of either.
async fn there_and_back(seed: u64) {
    let mut dice = Dice(seed);
    let directory = shuffled(&mut dice).to_string();
    let stage = Stage::with(Settings { directory: Some(directory), ..Settings::default() }).await;
    let tenant = stage.world.tenant();
    // An administrator may be out of reach of the app; that is for other tests.
    let mut all = people(&tenant);
    all.retain(|upn| upn.starts_with(['f', 'j', 'm', 'n', 's', 'w']));
    let who = dice.one(&all);
    let before = settled(tenant);
    let card = offboarded(&stage, &who).await;
    if !card.starts_with("Done: ") {
        // Refused as a whole: nothing was changed.
        assert!(stage.effects().is_empty(), "{who}: {card}");
    } else if stage.with_button(HELPDESK, Verb::Restore).is_some() {
        stage.says("tina.tech", &format!("restore {who} from the offboarding")).await;
        let card = signed(&stage).await;
        assert!(card.starts_with("Done: "), "{who}: {card}");
        let mut wrong = Vec::new();
        differs("", &before, &settled(stage.world.tenant()), &mut wrong);
        wrong.retain(|path| !GONE.iter().any(|gone| path.to_lowercase().contains(gone)));
        assert!(wrong.is_empty(), "{who}, brought back, is not as before:\n{}", wrong.join("\n"));
    }

    let before = settled(stage.world.tenant());
    let groups = dice.one(&["VPN Users", "Sales Team", "Company News"]);
    let words = format!(
        "New hire please\nName: Nora Quist\nJob title: Buyer\nLicence: Microsoft 365 E3\nGroups: {groups}"
    );
    stage.says("tina.tech", &words).await;
    let card = approved(&stage).await;
    assert!(card.starts_with("Done: "), "{card}");
    assert!(stage.world.user("nora.quist@contoso.com").is_some());
    stage.presses("tina.tech", HELPDESK, Verb::Undo).await;
    let card = approved(&stage).await;
    assert!(card.starts_with("Done: "), "{card}");
    let mut after = settled(stage.world.tenant());
    // Microsoft keeps the deleted account for 30 days.
    after["deletedUsers"] = before["deletedUsers"].clone();
    let mut wrong = Vec::new();
    differs("", &before, &after, &mut wrong);
    assert!(wrong.is_empty(), "joined and undone leaves:\n{}", wrong.join("\n"));
}

/// Signed by Anna, or by Theo where it is about her: she took over what somebody owned.
async fn signed(stage: &Stage) -> String {
    let card = approved(stage).await;
    if !card.starts_with("Waiting") {
        return card;
    }
    stage.presses("theo.tech", APPROVALS, Verb::Approve).await;
    stage.pass(SignedDuration::from_secs(30)).await;
    stage.newest(HELPDESK)
}

/// More tenants: `make assure`, or `COUNTERSIGN_ASSURE=file cargo test … l1_`.
#[tokio::test(flavor = "multi_thread")]
async fn l1_whoever_leaves_and_comes_back_is_as_before_and_who_joined_in_vain_leaves_nothing() {
    let (times, seed) = (times(3, 200), 20_261_130_u64);
    for nth in 0..times {
        let seed = seed.wrapping_add(u64::from(nth).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        eprintln!("seed {seed}");
        Box::pin(there_and_back(seed)).await;
    }
    let what = "offboarded and restored, onboarded and undone, in shuffled tenants";
    figure("L1", what, times, seed);
}
