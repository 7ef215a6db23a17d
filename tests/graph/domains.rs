//! Domains: listed; deleted only when nothing uses them.

use countersign::{domain::trouble::Reason, ports::hands::Made};
use serde_json::json;

use crate::asking::{
    Ended, asked, carry_out, draft, elsewhere, lacking, make, no, room, rows, without,
};

#[tokio::test]
async fn domains_are_listed_with_their_role() {
    let room = room().await;
    let asked = asked(&room).await;
    let all = rows(&room, &asked, "list_domains", json!({})).await;
    assert_eq!(all[0], "contoso.com | =domain_default | =yes | Managed");
    assert!(all.contains(&"contoso.onmicrosoft.com | =domain_initial | =yes | Managed".to_owned()));
    assert!(all.contains(&"contoso-old.example | =domain_other | =no | Managed".to_owned()));
}

#[tokio::test]
async fn only_a_domain_that_nothing_uses_is_deleted() {
    let room = room().await;
    let asked = asked(&room).await;
    for (domain, says) in [
        ("contoso.com", "default domain"),
        ("contoso.onmicrosoft.com", "initial domain"),
        ("fabrikam.com", "no =domain called fabrikam.com"),
    ] {
        let refused = no(&room, &asked, "delete_domain", json!({ "domain": domain })).await;
        assert!(refused.to_string().contains(says), "{refused}");
    }
    let arguments = json!({ "domain": "Contoso.co.uk" });
    let plan = draft(&room, &asked, "delete_domain", arguments.clone()).await;
    assert_eq!(plan.steps[0].cannot_undo.as_deref(), Some("domain_gone"));
    without(&room, &["Domain.ReadWrite.All"]);
    assert_eq!(lacking(room.make(&plan.steps[0].change).await), "Domain.ReadWrite.All");
    without(&room, &[]);
    carry_out(&room, &plan).await;
    assert_eq!(room.felt(), ["domain.delete"]);
    let gone = no(&room, &asked, "delete_domain", arguments).await;
    assert!(matches!(gone, Reason::NoSuchThing { .. }), "{gone}");
    let Ended { made, .. } = make(&room, &plan.steps[0].change).await;
    assert!(matches!(made, Made::AlreadySo | Made::Gone), "{made:?}");
}

#[tokio::test]
async fn a_domain_that_somebody_got_meanwhile_stays() {
    let room = room().await;
    let asked = asked(&room).await;
    let plan = draft(&room, &asked, "delete_domain", json!({ "domain": "contoso.co.uk" })).await;
    let jane = room.person("jane.roe@contoso.com").await;
    let path = format!("/users/{}", jane.id.guid());
    let upn = json!({ "userPrincipalName": "jane.roe@contoso.co.uk" });
    elsewhere(&room, "PATCH", &path, Some(upn)).await;
    let made = room.make(&plan.steps[0].change).await;
    let Made::Refused(Reason::NotPossible { what }) = made else { panic!("{made:?}") };
    assert!(what.contains("still use it"), "{what}");
    let used = no(&room, &asked, "delete_domain", json!({ "domain": "contoso.co.uk" })).await;
    assert!(used.to_string().contains("still used by jane.roe@contoso.co.uk"), "{used}");
}
