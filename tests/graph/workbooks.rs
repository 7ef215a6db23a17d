//! Workbooks: found by owner and name, read by the header, written row by row.

use countersign::{
    actions::{Asked, Listed},
    domain::trouble::{Reason, Trouble},
    ports::hands::Made,
    sim::microsoft::WorkbookDoor,
};
use serde_json::{Value, json};

use crate::{
    asking::{
        Ended, asked, back, carry_out, draft, elsewhere, lacking, lines, make, no, planned, room,
        rows, without,
    },
    room::Room,
};

fn laptops(more: &Value) -> Value {
    let mut arguments = json!({ "workbook": "Asset Register.xlsx", "worksheet": "Laptops" });
    for (name, value) in more.as_object().unwrap() {
        arguments[name] = value.clone();
    }
    arguments
}

async fn all(room: &Room, asked: &Asked) -> Vec<String> {
    rows(room, asked, "workbook_fetch_rows", laptops(&json!({}))).await
}

/// The address of a workbook, as Graph has it.
async fn book(room: &Room, owner: &str, path: &str) -> String {
    let found = elsewhere(room, "GET", &format!("/users/{owner}/drive/root:/{path}"), None).await;
    let drive = found["parentReference"]["driveId"].as_str().unwrap().to_owned();
    format!("/drives/{drive}/items/{}/workbook", found["id"].as_str().unwrap())
}

#[tokio::test]
async fn rows_are_fetched_by_the_header_and_filtered() {
    let room = room().await;
    let asked = asked(&room).await;
    let found = all(&room, &asked).await;
    assert_eq!(found[0], "2 | Asset: LT-0001 · Status: in use · Owner: John Doe · Price: 1240");
    assert_eq!(found.len(), 4);
    let filter = |column: &str, condition: &str, value: &str| json!({ "column": column, "condition": condition, "value": value });
    for (filters, join, numbers) in [
        (json!([filter("Status", "EQ", "in use")]), "AND", vec!["2", "3"]),
        (
            json!([filter("status", "EQ", "in use"), filter("Price", "GT", "1000")]),
            "AND",
            vec!["2"],
        ),
        (
            json!([filter("Status", "EQ", "spare"), filter("Price", "LT", "500")]),
            "OR",
            vec!["4", "5"],
        ),
        (json!([filter("Owner", "CONTAINS", "roe")]), "AND", vec!["3"]),
    ] {
        let arguments = laptops(&json!({ "filters": filters, "filter_type": join }));
        let found = rows(&room, &asked, "workbook_fetch_rows", arguments).await;
        let found: Vec<&str> = found.iter().map(|row| row.split(' ').next().unwrap()).collect();
        assert_eq!(found, numbers, "{filters}");
    }
    // The header need not be the first row, nor the drive the requester's own.
    let phones =
        json!({ "workbook": "Asset Register.xlsx", "worksheet": "Phones", "header_row": 2 });
    let phones = rows(&room, &asked, "workbook_fetch_rows", phones).await;
    assert_eq!(phones, ["3 | Asset: PH-0001 · Number: +442079460211 · Owner: John Doe"]);
    let deals =
        json!({ "workbook": "Pipeline.xlsx", "owner": "Sales Team", "drive_type": "group" });
    let deals = rows(&room, &asked, "workbook_fetch_rows", deals).await;
    assert_eq!(deals.len(), 2, "the only worksheet is meant: {deals:?}");
}

#[tokio::test]
async fn what_is_not_clear_is_asked_and_what_is_not_there_is_said() {
    let room = room().await;
    let mut asked = asked(&room).await;
    let which = json!({ "workbook": "Asset Register" });
    let which = planned(&room, &asked, "workbook_fetch_rows", which).await;
    let Err(Trouble::Unclear { argument, question }) = which else { panic!("{which:?}") };
    assert_eq!(argument, "worksheet");
    let labels: Vec<&str> = question.choices.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels, ["Laptops", "Phones"]);
    for (arguments, says) in [
        (json!({ "workbook": "Nothing.xlsx" }), "no =workbook called Nothing.xlsx"),
        (laptops(&json!({ "worksheet": "Cars" })), "no =worksheet called Cars"),
        (laptops(&json!({ "header_row": 9 })), "row 9 is empty"),
        (
            laptops(
                &json!({ "filters": [{ "column": "Colour", "condition": "EQ", "value": "red" }] }),
            ),
            "Colour",
        ),
        (json!({ "workbook": "../secret.xlsx" }), "no =workbook"),
    ] {
        let refused = no(&room, &asked, "workbook_fetch_rows", arguments).await;
        assert!(refused.to_string().contains(says), "{refused}");
    }
    // Somebody else's drive is searched when the operator lists it.
    let tracker = json!({ "workbook": "Leavers Tracker.xlsx", "worksheet": "2025" });
    let gone = no(&room, &asked, "workbook_fetch_rows", tracker.clone()).await;
    assert!(matches!(gone, Reason::NoSuchThing { .. }), "{gone}");
    asked.drives = vec![Listed::Upn("hannah.reeves@contoso.com".parse().unwrap())];
    let found = rows(&room, &asked, "workbook_fetch_rows", tracker).await;
    assert_eq!(found, ["2 | Name: Iris Cole · Department: Sales · Last day: 2025-03-31"]);
}

#[tokio::test]
async fn a_row_is_added_under_the_last_one_and_emptied_again() {
    let room = room().await;
    let asked = asked(&room).await;
    let row = laptops(&json!({ "values": ["LT-0005", "=1+1"], "by_header": { "price": "999.5" } }));
    let plan = draft(&room, &asked, "workbook_add_row", row.clone()).await;
    assert_eq!(
        lines(&plan.steps[0]),
        ["~Asset: =none → LT-0005", "~Status: =none → =1+1", "~Price: =none → 999.5"]
    );
    assert_eq!(plan.notes[0].key, "workbook_app_only");
    let (runs, _) = carry_out(&room, &plan).await;
    let found = all(&room, &asked).await;
    assert_eq!(found[4], "6 | Asset: LT-0005 · Status: =1+1 · Price: 999.5");
    // The same step again finds it written; another plan takes the next row.
    let Ended { before, .. } = make(&room, &plan.steps[0].change).await;
    assert!(plan.steps[0].change.holds(None, &before));
    let next = draft(&room, &asked, "workbook_add_row", row.clone()).await;
    assert_eq!(next.steps[0].names["row"], "7");
    let back = back("workbook_add_row", &row, &plan, &runs).remove(0);
    assert_eq!(back.action, "workbook_update_row");
    let plan = draft(&room, &asked, "workbook_update_row", back.arguments.into()).await;
    carry_out(&room, &plan).await;
    assert_eq!(all(&room, &asked).await.len(), 4);
    let many = laptops(&json!({ "values": ["a", "b", "c", "d", "e"] }));
    let many = no(&room, &asked, "workbook_add_row", many).await;
    assert!(many.to_string().contains("5 values for 4 columns"), "{many}");
}

#[tokio::test]
async fn a_row_is_changed_only_as_it_was_seen_and_changed_back() {
    let room = room().await;
    let asked = asked(&room).await;
    let row =
        laptops(&json!({ "row": 4, "by_header": { "Status": "in use", "Owner": "Tom Okafor" } }));
    let plan = draft(&room, &asked, "workbook_update_row", row.clone()).await;
    assert_eq!(lines(&plan.steps[0]), ["~Status: spare → in use", "~Owner: =none → Tom Okafor"]);
    // Somebody types into it first.
    let path = book(&room, "tina.tech@contoso.com", "IT/Asset%20Register.xlsx").await;
    let path = format!("{path}/worksheets/Laptops/range(address='B4')");
    elsewhere(&room, "PATCH", &path, Some(json!({ "values": [["lost"]] }))).await;
    let before = room.look(&plan.steps[0].change).await;
    let moved = plan.steps[0].change.effect().moved(&before);
    assert_eq!(moved, Some(Reason::Moved { what: "=row".to_owned() }));
    let plan = draft(&room, &asked, "workbook_update_row", row.clone()).await;
    assert_eq!(lines(&plan.steps[0])[0], "~Status: lost → in use");
    let (runs, _) = carry_out(&room, &plan).await;
    let again = no(&room, &asked, "workbook_update_row", row.clone()).await;
    assert!(matches!(again, Reason::AlreadySo { .. }), "{again}");
    let back = back("workbook_update_row", &row, &plan, &runs).remove(0);
    let plan = draft(&room, &asked, "workbook_update_row", back.arguments.into()).await;
    carry_out(&room, &plan).await;
    let found = all(&room, &asked).await;
    assert_eq!(found[2], "4 | Asset: LT-0003 · Status: lost · Price: 1240");
    for (row, says) in [(1, "under the header"), (0, "counted from 1")] {
        let wrong = laptops(&json!({ "row": row, "values": ["x"] }));
        let wrong = no(&room, &asked, "workbook_update_row", wrong).await;
        assert!(wrong.to_string().contains(says), "{wrong}");
    }
}

#[tokio::test]
async fn a_worksheet_is_added_once() {
    let room = room().await;
    let asked = asked(&room).await;
    let sheet = json!({ "workbook": "Asset Register.xlsx", "worksheet": "Tablets" });
    let plan = draft(&room, &asked, "workbook_add_worksheet", sheet.clone()).await;
    assert_eq!(lines(&plan.steps[0]), ["worksheets: 2 → 3"]);
    carry_out(&room, &plan).await;
    let again = no(&room, &asked, "workbook_add_worksheet", sheet).await;
    assert!(matches!(again, Reason::AlreadySo { .. }), "{again}");
    let wrong = json!({ "workbook": "Asset Register.xlsx", "worksheet": "a/b" });
    let wrong = no(&room, &asked, "workbook_add_worksheet", wrong).await;
    assert!(wrong.to_string().contains("1 to 31 characters"), "{wrong}");
    // The worksheet is deleted meanwhile.
    let row = json!({ "workbook": "Asset Register.xlsx", "worksheet": "Tablets", "header_row": 1 });
    let empty = no(&room, &asked, "workbook_fetch_rows", row).await;
    assert!(empty.to_string().contains("row 1 is empty"), "{empty}");
    let row = json!({ "workbook": "Asset Register.xlsx", "worksheet": "Phones", "header_row": 2,
        "values": ["PH-0002"] });
    let plan = draft(&room, &asked, "workbook_add_row", row).await;
    let path = book(&room, "tina.tech@contoso.com", "IT/Asset%20Register.xlsx").await;
    elsewhere(&room, "DELETE", &format!("{path}/worksheets/Phones"), None).await;
    let Ended { made, .. } = make(&room, &plan.steps[0].change).await;
    assert!(matches!(made, Made::Gone), "{made:?}");
}

#[tokio::test]
async fn locked_labelled_and_closed_workbooks_say_so() {
    let room = room().await;
    let mut asked = asked(&room).await;
    asked.requester = room.person("hannah.reeves@contoso.com").await.to_ref();
    let starters = json!({ "workbook": "New Starters.xlsx", "values": ["Nora Quist"] });
    // Nor can it be read, so it is said before anybody signs.
    let locked = no(&room, &asked, "workbook_add_row", starters).await;
    assert!(locked.to_string().contains("Hugo Marsh has the workbook open"), "{locked}");
    asked.requester = room.person("fiona.ledger@contoso.com").await.to_ref();
    let budget = json!({ "workbook": "Licence Budget.xlsx" });
    let labelled = no(&room, &asked, "workbook_fetch_rows", budget).await;
    assert!(labelled.to_string().contains("label"), "{labelled}");
    asked.requester = room.person("tina.tech@contoso.com").await.to_ref();
    let plan = draft(&room, &asked, "workbook_add_row", laptops(&json!({ "values": ["x"] }))).await;
    room.world.set_conduct(|conduct| conduct.workbooks = WorkbookDoor::UsersOnly);
    let closed = no(&room, &asked, "workbook_fetch_rows", laptops(&json!({}))).await;
    assert!(closed.to_string().contains("signed-in"), "{closed}");
    let made = room.make(&plan.steps[0].change).await;
    let Made::Refused(reason) = made else { panic!("{made:?}") };
    assert!(reason.to_string().contains("signed-in"), "{reason}");
    room.world.set_conduct(|conduct| conduct.workbooks = WorkbookDoor::Open);
    without(&room, &["Files.ReadWrite.All"]);
    assert!(lacking(room.make(&plan.steps[0].change).await).contains("Files.ReadWrite.All"));
}
