//! Files, worksheets and ranges.

use countersign::sim::microsoft::WorkbookDoor;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Reply, Sim};

/// Where a workbook is, found by its owner and name.
async fn at(sim: &Sim, owner: &str, path: &str) -> String {
    let found = sim.get(&format!("{owner}/drive/root:/{path}?$select=id,parentReference")).await;
    assert_eq!(found.status, 200, "{}", found.body);
    let drive = found.body["parentReference"]["driveId"].as_str().unwrap();
    format!("/drives/{drive}/items/{}/workbook", found.body["id"].as_str().unwrap())
}

async fn register(sim: &Sim) -> String {
    at(sim, "/users/tina.tech@contoso.com", "IT/Asset%20Register.xlsx").await
}

async fn write(sim: &Sim, book: &str, range: &str, values: Value) -> Reply {
    let path = format!("{book}/worksheets/Laptops/range(address='{range}')");
    sim.patch(&path, json!({ "values": values })).await
}

#[tokio::test]
async fn a_sheet_is_read_by_its_used_range_and_written_by_address() {
    let sim = Sim::start().await;
    let book = register(&sim).await;
    let sheets = sim.get(&format!("{book}/worksheets?$select=id,name")).await;
    assert_eq!(sheets.column("name"), ["Laptops", "Phones"]);
    let used =
        format!("{book}/worksheets/Laptops/usedRange(valuesOnly=true)?$select=address,values");
    let range = sim.get(&used).await;
    assert_eq!(range.body["address"], "Laptops!A1:D5");
    assert_eq!(range.body["values"][1], json!(["LT-0001", "in use", "John Doe", 1240]));

    let row = json!([["LT-0005", "in use", "'007", "2026-11-20"]]);
    let written = write(&sim, &book, "A6:D6", row).await;
    assert_eq!(written.status, 200, "{}", written.body);
    assert_eq!(written.body["values"], json!([["LT-0005", "in use", "007", 46346]]));
    assert_eq!(written.body["text"], json!([["LT-0005", "in use", "007", "2026-11-20"]]));
    // A null leaves the cell as it is.
    assert_eq!(write(&sim, &book, "A2:B2", json!([[null, "retired"]])).await.status, 200);
    let range = sim.get(&used).await;
    assert_eq!(range.body["address"], "Laptops!A1:D6");
    assert_eq!(range.body["values"][1], json!(["LT-0001", "retired", "John Doe", 1240]));
    let felt = sim.world.ledger();
    assert_eq!(
        (felt[0].what.as_str(), felt[0].target.name.as_str()),
        ("workbook.range", "IT/Asset Register.xlsx")
    );
    assert_eq!(felt[0].after["address"], "Laptops!A6:D6");
    assert_eq!(felt[1].before["values"], json!([["LT-0001", "in use"]]));
}

#[tokio::test]
async fn a_worksheet_is_added_once_and_its_name_must_fit() {
    let sim = Sim::start().await;
    let book = register(&sim).await;
    let add =
        async |name: &str| sim.post(&format!("{book}/worksheets"), json!({ "name": name })).await;
    assert_eq!(add("Tablets").await.status, 201);
    let twice = add("tablets").await;
    assert_eq!((twice.status, twice.code()), (400, "ItemAlreadyExists"));
    for wrong in ["", "a/b", "a sheet whose name is much too long", "[x]"] {
        assert_eq!(add(wrong).await.code(), "InvalidArgument", "{wrong}");
    }
    let empty = sim.get(&format!("{book}/worksheets/Tablets/usedRange")).await;
    assert_eq!(
        (empty.body["address"].as_str(), &empty.body["values"]),
        (Some("Tablets!A1"), &json!([[""]]))
    );
    assert_eq!(sim.delete(&format!("{book}/worksheets/Tablets")).await.status, 204);
    assert_eq!(sim.get(&format!("{book}/worksheets/Tablets")).await.code(), "ItemNotFound");
}

#[tokio::test]
async fn what_does_not_fit_the_range_is_refused() {
    let sim = Sim::start().await;
    let book = register(&sim).await;
    let narrow = write(&sim, &book, "A6:D6", json!([["LT-0005"]])).await;
    assert_eq!((narrow.status, narrow.code()), (400, "InvalidArgument"));
    assert!(narrow.message().contains("doesn't match the size"));
    assert_eq!(write(&sim, &book, "A0", json!([["x"]])).await.code(), "InvalidArgument");
    let none = sim.get(&format!("{book}/worksheets/Desks/usedRange")).await;
    assert_eq!((none.status, none.code()), (404, "ItemNotFound"));
    assert_eq!(sim.world.ledger(), []);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_keeps_only_what_it_promised() {
    let sim = Sim::start().await;
    let book = register(&sim).await;
    let open = async |persists: bool| {
        let made =
            sim.post(&format!("{book}/createSession"), json!({ "persistChanges": persists })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].as_str().unwrap().to_owned()
    };
    let with = async |session: &str, range: &str, values: Value| {
        let path = format!("{}/v1.0{book}/worksheets/Laptops/range(address='{range}')", sim.base);
        let request = sim.http.patch(path).header("workbook-session-id", session);
        sim.send(request.json(&json!({ "values": values }))).await
    };
    let fleeting = open(false).await;
    assert_eq!(with(&fleeting, "B2", json!([["gone"]])).await.status, 200);
    assert_eq!(sim.world.ledger(), []);
    let session = open(true).await;
    sim.clock.advance(SignedDuration::from_mins(4));
    assert_eq!(with(&session, "B2", json!([["here"]])).await.status, 200);
    sim.clock.advance(SignedDuration::from_mins(6));
    let ended = with(&session, "B2", json!([["late"]])).await;
    assert_eq!(ended.status, 404);
    assert_eq!(ended.body["error"]["innerError"]["code"], "invalidSessionReCreatable");
    assert_eq!(sim.world.ledger().len(), 1);
}

#[tokio::test]
async fn files_are_found_and_some_cannot_be_opened() {
    let sim = Sim::start().await;
    let hits = sim
        .get("/users/tina.tech@contoso.com/drive/root/search(q='asset%20register')?$select=id,name")
        .await;
    assert_eq!(hits.column("name"), ["Asset Register.xlsx"]);
    let group = sim.group("Sales Team");
    let deals = at(&sim, &format!("/groups/{group}"), "Pipeline.xlsx").await;
    assert_eq!(sim.get(&format!("{deals}/worksheets")).await.column("name"), ["Deals"]);

    let hannah = "/users/hannah.reeves@contoso.com";
    let locked = at(&sim, hannah, "New%20Starters.xlsx").await;
    let refused = sim.get(&format!("{locked}/worksheets")).await;
    assert_eq!((refused.status, refused.code()), (423, "EditModeCannotAcquireLock"));
    assert_eq!(refused.message(), "Hugo Marsh is editing this workbook.");
    let labelled = at(&sim, "/users/fiona.ledger@contoso.com", "Licence%20Budget.xlsx").await;
    assert_eq!(sim.get(&format!("{labelled}/worksheets")).await.code(), "OpenWorkbookAccessDenied");
    let notes = at(&sim, "/users/tina.tech@contoso.com", "Notes.docx").await;
    assert_eq!(sim.get(&format!("{notes}/worksheets")).await.status, 400);

    assert_eq!(sim.get(&format!("{hannah}/drive/root:/Nothing.xlsx")).await.code(), "itemNotFound");
    let empty = sim.get("/users/john.doe@contoso.com/drive/root:/A.xlsx").await;
    assert_eq!(empty.code(), "itemNotFound");
    let nothing = sim.get("/users/olga.depot@contoso.com/drive/root:/A.xlsx").await;
    assert_eq!((nothing.status, nothing.message()), (404, "User's mysite not found."));
    let security = sim.group("VPN Users");
    assert_eq!(sim.get(&format!("/groups/{security}/drive/root:/A.xlsx")).await.status, 404);
}

#[tokio::test]
async fn applications_may_be_kept_out_of_workbooks() {
    let sim = Sim::start().await;
    let book = register(&sim).await;
    sim.world.set_conduct(|conduct| conduct.workbooks = WorkbookDoor::UsersOnly);
    let closed = sim.get(&format!("{book}/worksheets")).await;
    assert_eq!((closed.status, closed.message()), (403, "Could not obtain a WAC access token."));
    sim.world.set_conduct(|conduct| conduct.workbooks = WorkbookDoor::Open);
    let sim = sim.with_app(|app| app.without("Sites.ReadWrite.All"));
    assert_eq!(sim.get(&format!("{book}/worksheets")).await.status, 403);
}
