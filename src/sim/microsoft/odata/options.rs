//! The options of one query, checked as Graph checks them.

use super::{
    super::{
        call::Call,
        refusals::{self, Refusal},
    },
    evaluate,
    filter::{self, Expr},
    kinds::Kind,
    search::{self, Search},
};

/// Directory lists show this many without `$top`.
const PAGE_DEFAULT: usize = 100;

/// One `$expand`, with the properties it asks for.
#[derive(Debug, Clone)]
pub(in super::super) struct Expand {
    pub name: String,
    pub select: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
pub(super) struct Options {
    pub select: Option<Vec<String>>,
    pub expand: Vec<Expand>,
    pub filter: Option<Expr>,
    pub search: Option<Search>,
    pub orderby: Option<(String, bool)>,
    pub top: usize,
    pub count: bool,
    pub skiptoken: Option<String>,
}

pub(in super::super) fn option<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    // The dollar sign may be left out in v1.0 (learn.microsoft.com/graph/query-parameters).
    let bare = name.trim_start_matches('$');
    let mut pairs = call.query.iter();
    pairs
        .find(|(found, _)| found.trim_start_matches('$').eq_ignore_ascii_case(bare))
        .map(|(_, value)| value.as_str())
}

/// Whether the header `ConsistencyLevel: eventual` is there.
pub(super) fn is_eventual(call: &Call) -> bool {
    call.header("ConsistencyLevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

impl Options {
    pub fn read(call: &Call, kind: &Kind) -> Result<Self, Refusal> {
        let eventual = is_eventual(call);
        let counts = option(call, "$count").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let advanced = eventual && counts;
        if kind.directory && option(call, "$skip").is_some() {
            return Err(refusals::no_skip());
        }
        let select = option(call, "$select").map(names);
        for name in select.iter().flatten() {
            known(name, kind)?;
        }
        let filter = match option(call, "$filter") {
            Some(text) => {
                let expr = filter::parse(text).map_err(|why| refusals::bad_filter(&why))?;
                evaluate::check(&expr, kind, advanced)?;
                Some(expr)
            }
            None => None,
        };
        let search = match option(call, "$search") {
            Some(_) if !eventual => return Err(refusals::search_needs_eventual()),
            Some(text) => Some(search::parse(text, kind)?),
            None => None,
        };
        let orderby = option(call, "$orderby").map(|text| order(text, kind)).transpose()?;
        let both = orderby.is_some() && (filter.is_some() || search.is_some());
        if kind.directory && both && !advanced {
            return Err(refusals::no_sorting());
        }
        Ok(Self {
            expand: expands(option(call, "$expand").unwrap_or_default(), kind)?,
            select,
            filter,
            search,
            orderby,
            top: top(option(call, "$top"), kind)?,
            // Without the header the directory leaves `$count` aside (unconfirmed).
            count: counts && (eventual || !kind.directory),
            skiptoken: option(call, "$skiptoken").map(str::to_owned),
        })
    }
}

fn known(name: &str, kind: &Kind) -> Result<(), Refusal> {
    let first = name.split('/').next().unwrap_or_default();
    if kind.properties.is_empty() || kind.property(first).is_some() {
        return Ok(());
    }
    Err(refusals::unknown_property(first, kind.name))
}

fn top(value: Option<&str>, kind: &Kind) -> Result<usize, Refusal> {
    let Some(text) = value else {
        return Ok(if kind.directory { PAGE_DEFAULT } else { 999 });
    };
    match text.parse::<usize>() {
        Ok(size @ 1..=999) => Ok(size),
        _ => Err(refusals::page_size(text)),
    }
}

fn order(text: &str, kind: &Kind) -> Result<(String, bool), Refusal> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    known(&name, kind)?;
    // learn.microsoft.com/graph/aad-advanced-queries: only a few properties sort by default.
    if kind.directory
        && !["displayName", "userPrincipalName", "mail", "createdDateTime"].contains(&name.as_str())
    {
        return Err(refusals::no_sorting());
    }
    Ok((name, words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc"))))
}

/// `manager($select=id,displayName),memberOf`
fn expands(text: &str, kind: &Kind) -> Result<Vec<Expand>, Refusal> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    let split = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    };
    for item in text.split(split).map(str::trim).filter(|item| !item.is_empty()) {
        let (name, inside) = match item.split_once('(') {
            Some((name, inside)) => (name.trim(), inside.trim_end_matches(')')),
            None => (item, ""),
        };
        let name = name.split('/').next().unwrap_or_default();
        if !kind.expands.contains(&name) {
            return Err(refusals::unknown_property(name, kind.name));
        }
        let select =
            inside.split(';').find_map(|part| part.trim().strip_prefix("$select=")).map(names);
        found.push(Expand { name: name.to_owned(), select });
    }
    Ok(found)
}
