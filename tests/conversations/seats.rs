//! Free seats are counted over everything that is open.

use countersign::domain::chat::Verb;
use serde_json::{Value, json};

use crate::stage::{APPROVALS, HELPDESK, Settings, Stage};

/// The built-in tenant.
const CONTOSO: &str = include_str!("../../src/sim/microsoft/data/contoso.json");
const E5: &str = "Microsoft 365 E5: 1 seats are free; this takes 1 of them, and open requests want";

/// A tenant in which so many seats of Microsoft 365 E5 are free.
async fn with_free(free: u64) -> Stage {
    let mut contoso: Value = serde_json::from_str(CONTOSO).expect("a directory");
    for sku in contoso["skus"].as_array_mut().expect("licences") {
        if sku["skuPartNumber"] == "SPE_E5" {
            let used = sku["consumed"].as_u64().unwrap_or_default();
            sku["enabled"] = json!(used + free);
        }
    }
    let directory = Some(contoso.to_string());
    Stage::with(Settings { directory, ..Settings::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_the_last_seat_hears_who_else_waits_for_it() {
    let stage = with_free(1).await;
    stage.says("tina.tech", "assign Microsoft 365 E5 to john.doe@contoso.com").await;
    assert!(!stage.newest(APPROVALS).contains("open requests want"), "nobody else does");
    stage.says("tina.tech", "assign Microsoft 365 E5 to jane.roe@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains(&format!("{E5} 1: #1001.")), "{card}");
    assert!(card.contains("Buy seats or free some first"), "{card}");

    // Once the other one is rejected, the seat is nobody's.
    stage.presses("anna.approver", APPROVALS, Verb::Reject).await;
    stage.says("tina.tech", "assign Microsoft 365 E5 to felix.brandt@contoso.com").await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains(&format!("{E5} 1: #100")), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_seats_for_everybody_nothing_is_said() {
    let stage = with_free(2).await;
    stage.says("tina.tech", "assign Microsoft 365 E5 to john.doe@contoso.com").await;
    stage.says("tina.tech", "assign Microsoft 365 E5 to jane.roe@contoso.com").await;
    assert!(!stage.newest(APPROVALS).contains("open requests want"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_table_that_waits_are_counted_and_count_others() {
    let stage = with_free(2).await;
    let table = "Please assign licences:\nuser,license\njohn.doe@contoso.com,Microsoft 365 E5\n\
                 jane.roe@contoso.com,Microsoft 365 E5";
    stage.says("tina.tech", table).await;
    assert!(!stage.newest(APPROVALS).contains("open requests want"), "two are free");
    stage.says("tina.tech", "assign Microsoft 365 E5 to felix.brandt@contoso.com").await;
    let card = stage.newest(APPROVALS);
    let two = "2 seats are free; this takes 1 of them, and open requests want 2: #1001.";
    assert!(card.contains(two), "{card}");
    stage.says("tina.tech", table).await;
    let card = stage.newest(APPROVALS);
    assert!(card.contains("this takes 2 of them, and open requests want 3"), "{card}");
    assert!(stage.with_button(HELPDESK, Verb::Approve).is_none());
}
