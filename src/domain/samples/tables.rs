//! Tables and their pages: long, wide, hostile, from right to left.

use crate::domain::{
    message::{FactsView, Message, PagesView, Table},
    samples::{FROM_RIGHT, NASTY},
};

/// The samples of tables.
pub fn samples() -> Vec<(String, Message)> {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let table = |names: &[&str], rows: Vec<Vec<String>>| FactsView {
        action: "get_user".to_owned(),
        title: "Users".to_owned(),
        subtitle: None,
        facts: Vec::new(),
        lists: Vec::new(),
        table: Some(Table { columns: columns(names), rows }),
        more: 0,
        next: None,
    };
    let people = (1..=15).map(|n| {
        let [name, upn] = odd_person(n);
        vec![name, upn, "Sales".to_owned(), "=allowed".to_owned()]
    });
    let few = table(&["manager", "mail", "department", "sign_in"], people.collect());
    let wide = ["manager", "mail", "department", "title", "office", "sign_in"];
    let rows = (1..=50).map(|n| {
        let text = if n % 2 == 0 { NASTY } else { FROM_RIGHT };
        vec![text.to_owned(); 6]
    });
    let nasty = table(&wide, rows.collect());
    let plans = (1..=40).map(|n| vec![format!("SERVICE_PLAN_NUMBER_{n}"), "=on".to_owned()]);
    let plans = table(&["licence", "replies_status"], plans.collect());
    let token = || Some("a".repeat(1900));
    let page = |facts: &FactsView, number, back: Option<String>, on: Option<String>| {
        Message::Pages(PagesView { facts: facts.clone(), number, back, on })
    };
    vec![
        ("pages-first".to_owned(), page(&few, Some(1), None, token())),
        ("pages-middle".to_owned(), page(&few, Some(2), token(), token())),
        ("pages-last".to_owned(), page(&few, Some(3), token(), None)),
        ("pages-only".to_owned(), page(&few, None, None, None)),
        ("pages-nasty".to_owned(), page(&nasty, Some(2), token(), token())),
        ("pages-plans".to_owned(), page(&plans, None, None, None)),
        ("facts-table".to_owned(), Message::Facts(nasty)),
    ]
}

/// Names as they are in life.
fn odd_person(n: usize) -> [String; 2] {
    let (name, upn) = match n {
        1 => ("Conan O'Brien-Đorđević", "conan.o'brien@contoso.com"),
        2 => ("Zoë Åström 👩‍💻", "zoe.astrom@contoso.com"),
        3 => (FROM_RIGHT, "sarah.cohen@contoso.com"),
        4 => ("Guest (Fabrikam)", "guest_fabrikam.com#EXT#@contoso.onmicrosoft.com"),
        5 => ("*Ann* _O'Neil_ <!channel>", "ann@contoso.com"),
        _ => ("Person", "person@contoso.com"),
    };
    [name.to_owned(), upn.to_owned()]
}
