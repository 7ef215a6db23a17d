//! Devices: of the directory and of Intune, wiped, retired, deleted.

use countersign::sim::microsoft::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{JOHN, Sim, clock};

async fn managed(sim: &Sim, name: &str) -> Value {
    let path = format!("/deviceManagement/managedDevices?$filter=deviceName eq '{name}'");
    sim.get(&path).await.body["value"][0].clone()
}

#[tokio::test]
async fn the_directory_and_intune_know_devices_by_different_ids() {
    let sim = Sim::start().await;
    let owned =
        sim.get(&format!("/users/{JOHN}/ownedDevices?$select=id,displayName,deviceId")).await;
    assert_eq!(owned.column("displayName").len(), 2);
    let filter = "$filter=startswith(displayName,'LT-')&$count=true";
    let laptops = sim.get_eventual(&format!("/users/{JOHN}/ownedDevices?{filter}")).await;
    assert_eq!(laptops.column("displayName"), ["LT-JDOE-01"]);
    let device_id = laptops.column("deviceId")[0].to_owned();
    let by_key = sim.get(&format!("/devices(deviceId='{device_id}')")).await;
    assert_eq!(by_key.body["displayName"], "LT-JDOE-01");
    assert_ne!(by_key.body["id"], json!(device_id));
    let intune = managed(&sim, "LT-JDOE-01").await;
    assert_eq!(intune["azureADDeviceId"], json!(device_id));
    assert_eq!(intune["userPrincipalName"], JOHN);
    let theirs = sim.get(&format!("/users/{JOHN}/managedDevices?$select=deviceName")).await;
    assert_eq!(theirs.column("deviceName").len(), 2);
    let namesakes = sim.get("/devices?$filter=displayName eq 'LT-SHARED-07'").await;
    assert_eq!(namesakes.column("id").len(), 2);
    let bad =
        sim.get("/deviceManagement/managedDevices?$filter=complianceState eq 'noncompliant'").await;
    assert_eq!(bad.column("deviceName").len(), 3);
}

#[tokio::test]
async fn a_wipe_waits_for_the_device_and_a_second_one_is_queued_too() {
    let sim = Sim::start().await;
    let id = managed(&sim, "LT-JDOE-01").await["id"].as_str().unwrap().to_owned();
    let path = format!("/deviceManagement/managedDevices/{id}");
    let results = |device: Value| device["deviceActionResults"].clone();
    assert_eq!(
        sim.post(&format!("{path}/wipe"), json!({ "keepUserData": false })).await.status,
        204
    );
    let told = sim.get(&path).await.body;
    assert_eq!(told["managementState"], "wipePending");
    assert_eq!(results(told)[0]["actionState"], "pending");
    sim.clock.advance(SignedDuration::from_secs(120));
    let done = sim.get(&path).await.body;
    assert_eq!(done["managementState"], "wipeIssued");
    assert_eq!(results(done)[0]["actionState"], "done");
    assert_eq!(sim.post(&format!("{path}/wipe"), json!({})).await.status, 204);
    assert_eq!(results(sim.get(&path).await.body).as_array().unwrap().len(), 2);
    sim.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(sim.get(&path).await.status, 404, "a wiped device leaves Intune");
    assert_eq!(sim.world.ledger().len(), 2);

    let asleep = managed(&sim, "LT-OHADDAD-01").await["id"].as_str().unwrap().to_owned();
    let path = format!("/deviceManagement/managedDevices/{asleep}");
    let bare = sim.http.post(format!("{}/v1.0{path}/retire", sim.base));
    assert_eq!(sim.send(bare).await.status, 204);
    sim.clock.advance(SignedDuration::from_hours(48));
    // The token of before has ended.
    let sim = sim.with_app(|app| app);
    assert_eq!(results(sim.get(&path).await.body)[0]["actionState"], "pending");
}

#[tokio::test]
async fn what_intune_does_not_do_it_says_in_its_own_way() {
    let sim = Sim::start().await;
    let phone = managed(&sim, "Galaxy S24").await["id"].as_str().unwrap().to_owned();
    let wipe = format!("/deviceManagement/managedDevices/{phone}/wipe");
    assert!(sim.post(&wipe, json!({})).await.message().contains("not supported"));
    assert_eq!(sim.post(&wipe, json!({ "explode": true })).await.status, 400);
    let nobody = "/deviceManagement/managedDevices/00000000-0000-4000-8000-000000000000/retire";
    assert_eq!(sim.post(nobody, json!({})).await.status, 404);
    let sim =
        sim.with_app(|app| app.without("DeviceManagementManagedDevices.PrivilegedOperations.All"));
    let denied = sim.post(&wipe, json!({})).await;
    let inside: Value = serde_json::from_str(denied.message()).unwrap();
    assert!(inside["Message"].as_str().unwrap().contains("PrivilegedOperations.All"), "{inside}");
    let sim = sim.with_app(|app| app.without("DeviceManagementManagedDevices.Read.All"));
    assert_eq!(sim.get("/deviceManagement/managedDevices").await.status, 403);
    let poor = json!({ "tenantDomain": "contoso.com", "onmicrosoft": "contoso.onmicrosoft.com", "users": [] });
    let sim = Sim::with(World::from_directory(&poor.to_string(), clock()).unwrap(), clock()).await;
    let none = sim.get("/deviceManagement/managedDevices").await;
    assert_eq!(none.message(), "Request not applicable to target tenant.");
}

#[tokio::test]
async fn a_device_is_deleted_and_never_given_an_owner_by_an_application() {
    let sim = Sim::start().await;
    let found = sim.get("/devices?$filter=displayName eq 'FELIX-TABLET'").await;
    let path = format!("/devices/{}", found.column("id")[0]);
    let owners = sim.get(&format!("{path}/registeredOwners")).await;
    assert_eq!(owners.column("userPrincipalName"), ["felix.brandt@contoso.com"]);
    let john = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", sim.user(JOHN)) });
    let denied = sim.post(&format!("{path}/registeredOwners/$ref"), john).await;
    assert_eq!((denied.status, denied.code()), (403, "Authorization_RequestDenied"));
    assert_eq!(sim.delete(&path).await.status, 204);
    assert_eq!(sim.delete(&path).await.status, 404);
    let hybrid = sim.get("/devices?$filter=displayName eq 'SRV-BUILD-02'").await;
    let hybrid = format!("/devices/{}", hybrid.column("id")[0]);
    assert_eq!(sim.delete(&hybrid).await.status, 403);
    let sim = sim.with_app(|app| app.without("Device.ReadWrite.All"));
    assert_eq!(sim.delete(&hybrid).await.status, 403);
    assert_eq!(sim.world.ledger().len(), 1);
}
