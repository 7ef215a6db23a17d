//! A page of an answer, sealed into the button that turns it.
//!
//! Nothing of it is stored: the button carries what to look up next, for whom, where and
//! until when, under a key that only we have. A client can neither read nor change it,
//! and a button pressed by somebody else, elsewhere or too late opens nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{
    ids::{TenantId, UserId},
    message::FactsView,
};

/// A button's value has at most 2000 characters (docs.slack.dev, button element); ours
/// stays below.
pub const TOKEN_CHARS_MAX: usize = 1900;
/// What the seal is bound to.
const PURPOSE: &[u8] = b"countersign page 1";

/// What to look up when the page is turned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Who may turn it.
    pub reader: UserId,
    /// In which conversation.
    pub place: String,
    /// The action's id.
    pub action: String,
    /// Where it leads.
    pub to: Spot,
    /// The pages before it, the nearest last. The oldest are forgotten first.
    pub before: Vec<Spot>,
    /// Counts from 1.
    pub number: u32,
    /// Until when.
    pub until: Timestamp,
    /// Whose directory it is about, if it is not the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<TenantId>,
}

/// A place in an answer: the arguments that give a part of it, and rows to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The action's arguments.
    pub arguments: Map<String, Value>,
    /// Rows that were shown before.
    #[serde(default)]
    pub skip: usize,
}

/// The key that pages are sealed with. Made from the encryption key; never stored.
pub struct PageKey(LessSafeKey);

impl std::fmt::Debug for PageKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a page key")
    }
}

impl PageKey {
    /// From 32 secret bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("the key has 32 bytes");
        Self(LessSafeKey::new(key))
    }
}

/// One page of what was found, and those that its buttons lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// What is on it.
    pub facts: FactsView,
    /// Counts from 1; nothing when it is the only page.
    pub number: Option<u32>,
    /// The page before.
    pub back: Option<Page>,
    /// The next page.
    pub on: Option<Page>,
}

impl Page {
    /// Cuts this page out of what its arguments gave: `rows` rows of its table at most.
    /// The rest of the table comes first, then what the action itself says comes next.
    pub fn cut(&self, mut facts: FactsView, rows: usize) -> Cut {
        let (skip, all) = (self.to.skip, facts.table.as_ref().map_or(0, |table| table.rows.len()));
        let later = facts.next.take();
        let to = if all > skip + rows {
            Some(Spot { arguments: self.to.arguments.clone(), skip: skip + rows })
        } else {
            later.map(|arguments| Spot { arguments, skip: 0 })
        };
        if let Some(table) = &mut facts.table {
            table.rows = table.rows.drain(..).skip(skip).take(rows).collect();
        }
        let on = to.map(|to| {
            let before = self.before.iter().chain([&self.to]).cloned().collect();
            Self { to, before, number: self.number + 1, ..self.clone() }
        });
        let back = self.before.split_last().map(|(to, before)| Self {
            to: to.clone(),
            before: before.to_vec(),
            number: self.number.saturating_sub(1),
            ..self.clone()
        });
        let number = (on.is_some() || self.number > 1).then_some(self.number);
        Cut { facts, number, back, on }
    }

    /// Sealed, as a button carries it; nothing when it is too long for one even without
    /// the pages before it. `chance` must be fresh.
    pub fn seal(&self, key: &PageKey, chance: [u8; NONCE_LEN]) -> Option<String> {
        let mut page = self.clone();
        loop {
            let text = serde_json::to_vec(&page).expect("a page is plain data");
            let token = sealed(text, key, chance);
            if token.len() <= TOKEN_CHARS_MAX {
                return Some(token);
            }
            if page.before.is_empty() {
                return None;
            }
            page.before.remove(0);
        }
    }

    /// Opens what [`Self::seal`] made with the same key; anything else opens nothing.
    pub fn open(token: &str, key: &PageKey) -> Option<Self> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = key.0.open_in_place(nonce, Aad::from(PURPOSE), text).ok()?;
        serde_json::from_slice(text).ok()
    }
}

fn sealed(mut text: Vec<u8>, key: &PageKey, chance: [u8; NONCE_LEN]) -> String {
    let nonce = Nonce::assume_unique_for_key(chance);
    key.0
        .seal_in_place_append_tag(nonce, Aad::from(PURPOSE), &mut text)
        .expect("a short text can be sealed");
    let mut bytes = chance.to_vec();
    bytes.extend(text);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{message::Table, samples::person};

    fn page(before: usize) -> Page {
        let spot = |n: usize| {
            let Value::Object(arguments) = json!({ "filter": "x".repeat(200), "page": n }) else {
                unreachable!("an object")
            };
            Spot { arguments, skip: 15 }
        };
        Page {
            reader: person("Tina Tech", "tina.tech@contoso.com").id,
            place: "slack:T1:C1".to_owned(),
            action: "list_users".to_owned(),
            to: spot(9),
            before: (0..before).map(spot).collect(),
            number: 10,
            until: "2026-08-04T15:00:00Z".parse().unwrap(),
            of: None,
        }
    }

    #[test]
    fn a_page_opens_with_its_key_alone_and_as_it_was_sealed() {
        let key = PageKey::new(&[1; 32]);
        let token = page(1).seal(&key, [2; 12]).unwrap();
        assert_eq!(Page::open(&token, &key), Some(page(1)));
        assert_eq!(Page::open(&token, &PageKey::new(&[3; 32])), None);
        for at in [0, 20, token.len() - 1] {
            let mut forged: Vec<char> = token.chars().collect();
            forged[at] = if forged[at] == 'A' { 'B' } else { 'A' };
            let forged: String = forged.into_iter().collect();
            assert_eq!(Page::open(&forged, &key), None, "character {at}");
        }
        assert_eq!(Page::open("", &key), None);
        assert_eq!(Page::open(&token[..16], &key), None);
        assert!(!token.contains("list_users") && !token.contains("xxx"), "nothing can be read");
    }

    fn found(rows: std::ops::Range<usize>, next: Option<usize>) -> FactsView {
        let next = next.and_then(|page| json!({ "page": page }).as_object().cloned());
        let rows = rows.map(|n| vec![format!("row {n}")]).collect();
        FactsView {
            action: "list_users".to_owned(),
            title: "Users".to_owned(),
            subtitle: None,
            facts: Vec::new(),
            lists: Vec::new(),
            table: Some(Table { columns: vec!["manager".to_owned()], rows }),
            more: 0,
            next,
        }
    }

    #[test]
    fn five_thousand_rows_are_turned_through_forth_and_back() {
        // The action gives 50 at a time; a card shows 15 of them.
        let give = |page: &Page| {
            let n = page.to.arguments.get("page").and_then(Value::as_u64).unwrap_or(0);
            let n = usize::try_from(n).unwrap();
            found(n * 50..(n + 1) * 50, (n < 99).then_some(n + 1))
        };
        let mut page = Page { before: Vec::new(), number: 1, ..page(0) };
        page.to = Spot { arguments: Map::new(), skip: 0 };
        let (mut seen, mut pages) = (Vec::new(), vec![page.clone()]);
        loop {
            let cut = page.cut(give(&page), 15);
            let rows = cut.facts.table.unwrap().rows;
            assert!((1..=15).contains(&rows.len()));
            assert_eq!(cut.facts.next, None, "no raw cursor is on a card");
            assert_eq!(cut.number, Some(page.number));
            seen.extend(rows);
            let Some(next) = cut.on else { break };
            page = next;
            pages.push(page.clone());
        }
        assert_eq!(seen.len(), 5_000);
        assert_eq!(seen.last().unwrap()[0], "row 4999");
        for earlier in pages.iter().rev().skip(1) {
            page = page.cut(give(&page), 15).back.unwrap();
            assert_eq!((&page.to, page.number), (&earlier.to, earlier.number));
        }
        assert_eq!(page.cut(give(&page), 15).back, None);
        let only = Page { number: 1, before: Vec::new(), ..page };
        assert_eq!(only.cut(found(0..3, None), 15).number, None, "one page has no number");
    }

    #[test]
    fn what_does_not_fit_a_button_forgets_the_oldest_page_first() {
        let key = PageKey::new(&[1; 32]);
        let token = page(20).seal(&key, [2; 12]).unwrap();
        assert!(token.len() <= TOKEN_CHARS_MAX);
        let opened = Page::open(&token, &key).unwrap();
        assert!((1..20).contains(&opened.before.len()));
        assert_eq!(opened.before.last(), page(20).before.last(), "the nearest is kept");
        let mut huge = page(0);
        huge.to.arguments.insert("more".to_owned(), "y".repeat(3000).into());
        assert_eq!(huge.seal(&key, [2; 12]), None);
    }
}
