//! How a group and what is in it are shown; and pages of a long list.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    actions::arguments,
    domain::{
        groups::{Member, MemberSort},
        users::{Group, GroupSort},
    },
};

/// Rows of a page, unless somebody asks for another number.
pub(in crate::actions) const PAGE: usize = 20;
/// The most rows of a page (a table has at most 50).
pub(in crate::actions) const PAGE_MAX: usize = 50;

/// The word of a sort, as a text key.
pub(in crate::actions) fn sort_word(sort: GroupSort) -> &'static str {
    match sort {
        GroupSort::Security => "=security_group",
        GroupSort::Microsoft365 => "=microsoft365_group",
        GroupSort::Distribution => "=distribution_list",
        GroupSort::MailEnabledSecurity => "=mail_enabled_security_group",
    }
}

/// What is special about it, the most telling first; a text key, or empty.
pub(super) fn special(group: &Group) -> String {
    let marks = [
        (group.dynamic, "=dynamic_group"),
        (group.synced, "=synced_group"),
        (group.role_assignable, "=role_group"),
        (group.licensed, "=licence_group"),
    ];
    marks.iter().find(|(is, _)| *is).map_or_else(String::new, |(_, word)| (*word).to_owned())
}

/// The word of a member's sort, as a text key.
pub(in crate::actions) fn member_word(sort: MemberSort) -> &'static str {
    match sort {
        MemberSort::User => "=user",
        MemberSort::Device => "=device",
        MemberSort::Group => "=group",
        MemberSort::Other => "=other_object",
    }
}

/// Name, what tells it apart, and its sort.
pub(in crate::actions) fn member_row(member: &Member) -> Vec<String> {
    vec![
        member.name.clone(),
        member.detail.clone().unwrap_or_default(),
        member_word(member.sort).to_owned(),
    ]
}

/// One page of rows: those of page `page` (from 1), how many come after, and the arguments
/// of the next page, when there is one.
pub(in crate::actions) fn page<A: Serialize>(
    rows: Vec<Vec<String>>,
    page: u32,
    size: usize,
    action: &A,
) -> (Vec<Vec<String>>, u32, Option<Map<String, Value>>) {
    let page = usize::try_from(page.max(1)).unwrap_or(1);
    let total = rows.len();
    let shown: Vec<Vec<String>> =
        rows.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    let left = total.saturating_sub(page.saturating_mul(size));
    let next = (left > 0).then(|| {
        let mut next = arguments(action);
        next.insert("page".to_owned(), Value::from(page + 1));
        next
    });
    (shown, u32::try_from(left).unwrap_or(u32::MAX), next)
}
