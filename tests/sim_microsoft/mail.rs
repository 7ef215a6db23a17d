//! Mailboxes, through Graph and through Exchange: one mailbox, two vocabularies.

use serde_json::json;

use crate::support::{JOHN, Sim};

#[tokio::test]
async fn replies_written_through_graph_are_read_through_exchange() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}/mailboxSettings");
    let body = json!({ "automaticRepliesSetting": {
        "status": "scheduled", "externalAudience": "contactsOnly",
        "internalReplyMessage": "Away.", "externalReplyMessage": "Away.",
        "scheduledStartDateTime": { "dateTime": "2026-12-01T09:00:00", "timeZone": "UTC" },
        "scheduledEndDateTime": { "dateTime": "2026-12-05T17:00:00.0000000", "timeZone": "UTC" },
    }});
    let set = sim.patch(&path, body).await;
    assert_eq!(set.status, 200, "{}", set.body);
    let replies = &set.body["automaticRepliesSetting"];
    assert_eq!(replies["internalReplyMessage"], "<html>\n<body>\nAway.\n</body>\n</html>\n");
    assert_eq!(replies["scheduledStartDateTime"]["dateTime"], "2026-12-01T09:00:00.0000000");

    let read = sim.exchange("Get-MailboxAutoReplyConfiguration", json!({ "Identity": JOHN })).await;
    let read = &read.body["value"][0];
    assert_eq!(
        (&read["AutoReplyState"], &read["ExternalAudience"]),
        (&json!("Scheduled"), &json!("Known"))
    );
    assert_eq!(read["EndTime"], "2026-12-05T17:00:00Z");

    let off = json!({ "Identity": JOHN, "AutoReplyState": "Disabled" });
    assert_eq!(sim.exchange("Set-MailboxAutoReplyConfiguration", off).await.status, 200);
    let read = sim.get(&path).await;
    assert_eq!(read.body["automaticRepliesSetting"]["status"], "disabled");
    assert_eq!(sim.world.ledger().len(), 2);
}

#[tokio::test]
async fn settings_without_sense_rights_or_mailbox_are_refused() {
    let sim = Sim::start().await;
    let path = format!("/users/{JOHN}/mailboxSettings");
    for wrong in [
        json!({ "automaticRepliesSetting": { "status": "scheduled" } }),
        json!({ "automaticRepliesSetting": { "status": "Enabled" } }),
        json!({ "automaticRepliesSetting": { "externalAudience": "Known" } }),
        json!({ "shoeSize": 43 }),
    ] {
        assert_eq!(sim.patch(&path, wrong.clone()).await.status, 400, "{wrong}");
    }
    let none = sim.get("/users/omar.haddad@contoso.com/mailboxSettings").await;
    assert_eq!((none.status, none.code()), (404, "MailboxNotEnabledForRESTAPI"));
    let sim = sim.with_app(|app| app.without("MailboxSettings.ReadWrite"));
    assert_eq!(sim.get(&path).await.code(), "ErrorAccessDenied");
}

#[tokio::test]
async fn a_mailbox_is_forwarded_shared_and_left_alone_with_a_warning() {
    let sim = Sim::start().await;
    let forward = json!({
        "Identity": JOHN, "ForwardingAddress": "jane.roe@contoso.com",
        "ForwardingSmtpAddress": null, "DeliverToMailboxAndForward": true,
    });
    let set = sim.exchange("Set-Mailbox", forward.clone()).await;
    assert_eq!((set.status, &set.body["value"]), (200, &json!([])));
    let again = sim.exchange("Set-Mailbox", forward).await;
    let warning = again.body["@adminapi.warnings"][0].as_str().unwrap();
    assert!(warning.contains("completed successfully but no settings of"));
    assert_eq!(sim.world.ledger().len(), 1, "what is already so is no effect");

    sim.exchange("Set-Mailbox", json!({ "Identity": JOHN, "Type": "Shared" })).await;
    let read = sim.exchange("Get-Mailbox", json!({ "Identity": JOHN })).await;
    assert_eq!(read.body["value"][0]["RecipientTypeDetails"], "SharedMailbox");
    assert_eq!(read.body["value"][0]["ForwardingAddress"], "jane.roe@contoso.com");
    // A shared mailbox outlives its licence, a regular one does not.
    for (user, status) in [("john.doe", 200), ("jane.roe", 404)] {
        let body = json!({ "addLicenses": [], "removeLicenses": [sim.sku("SPE_E3")] });
        assert_eq!(
            sim.post(&format!("/users/{user}@contoso.com/assignLicense"), body).await.status,
            200
        );
        let identity = json!({ "Identity": format!("{user}@contoso.com") });
        assert_eq!(sim.exchange("Get-Mailbox", identity).await.status, status, "{user}");
    }
}

#[tokio::test]
async fn lists_are_changed_through_exchange_and_its_exceptions_are_named() {
    let sim = Sim::start().await;
    let change = json!({
        "Identity": "news@contoso.com", "Member": "tina.tech@contoso.com",
        "BypassSecurityGroupManagerCheck": true, "Confirm": false,
    });
    let detail = |reply: &crate::support::Reply| {
        reply.body["error"]["details"][0]["message"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(sim.exchange("Add-DistributionGroupMember", change.clone()).await.status, 200);
    let twice = sim.exchange("Add-DistributionGroupMember", change.clone()).await;
    assert!(detail(&twice).contains("MemberAlreadyExistsException"));
    let members = sim
        .exchange("Get-DistributionGroupMember", json!({ "Identity": "news@contoso.com" }))
        .await;
    assert!(members.column("PrimarySmtpAddress").contains(&"tina.tech@contoso.com"));
    assert_eq!(sim.exchange("Remove-DistributionGroupMember", change.clone()).await.status, 200);
    let twice = sim.exchange("Remove-DistributionGroupMember", change).await;
    assert!(detail(&twice).contains("MemberNotFoundException"));
    let missing = sim.exchange("Get-DistributionGroup", json!({ "Identity": "VPN Users" })).await;
    assert!(detail(&missing).contains("ManagementObjectNotFoundException"));
    let lists = sim.exchange("Get-DistributionGroup", json!({})).await;
    assert_eq!(lists.body["value"].as_array().unwrap().len(), 2);
    assert_eq!(sim.exchange("Format-Disk", json!({})).await.status, 400);
    let wrong = json!({ "Identity": JOHN, "Shoe": 1 });
    assert!(detail(&sim.exchange("Set-Mailbox", wrong).await).contains("parameter name 'shoe'"));
}

#[tokio::test]
async fn exchange_wants_the_permission_and_a_role() {
    let identity = json!({ "Identity": JOHN });
    let sim = Sim::start().await.with_app(|app| app.without("Exchange.ManageAsApp"));
    let refused = sim.exchange("Get-Mailbox", identity.clone()).await;
    assert_eq!((refused.status, &refused.body), (403, &json!(null)));
    let sim = sim.with_app(|app| app.without("Exchange Administrator"));
    let refused = sim.exchange("Get-Mailbox", identity.clone()).await;
    assert!(
        refused.status == 401 && refused.message().contains("isn't supported in this scenario")
    );
    let sim = sim.with_app(|app| {
        let mut app = app.without("Exchange Administrator");
        app.directory_roles.insert("Global Reader".into());
        app
    });
    assert_eq!(sim.exchange("Get-Mailbox", identity.clone()).await.status, 200);
    let refused = sim.exchange("Set-Mailbox", identity).await;
    assert_eq!(refused.message(), "User is not allowed to call Set-Mailbox");
}
