//! Whether an object fits a filter, and whether the filter is allowed at all.

use serde_json::Value;

use super::{
    super::refusals::{self, Refusal},
    filter::{Expr, Function, Literal, Op},
    kinds::{Kind, Use},
};

/// The name a lambda gives to each element.
type Element<'a> = Option<(&'a str, &'a Value)>;

/// Texts are compared without case, as the directory does.
pub(super) fn fits(expr: &Expr, object: &Value, element: Element<'_>) -> bool {
    match expr {
        Expr::Or(left, right) => fits(left, object, element) || fits(right, object, element),
        Expr::And(left, right) => fits(left, object, element) && fits(right, object, element),
        Expr::Not(inside) => !fits(inside, object, element),
        Expr::Compare(path, op, wanted) => match counted(path, object, element) {
            Some(count) => compare(&count, *op, wanted),
            None => compare(value(path, object, element), *op, wanted),
        },
        Expr::In(path, list) => {
            let found = value(path, object, element);
            list.iter().any(|wanted| compare(found, Op::Eq, wanted))
        }
        Expr::Function(function, path, wanted) => {
            let found = value(path, object, element).as_str().unwrap_or_default().to_lowercase();
            let wanted = wanted.to_lowercase();
            match function {
                Function::StartsWith => found.starts_with(&wanted),
                Function::EndsWith => found.ends_with(&wanted),
                Function::Contains => found.contains(&wanted),
            }
        }
        Expr::Any(path, variable, inside) => {
            let list = value(path, object, element).as_array();
            list.is_some_and(|list| {
                list.iter().any(|item| fits(inside, object, Some((variable, item))))
            })
        }
    }
}

fn value<'a>(path: &str, object: &'a Value, element: Element<'a>) -> &'a Value {
    let mut steps = path.split('/');
    let first = steps.next().unwrap_or_default();
    let start = match element {
        Some((variable, item)) if variable == first => item,
        _ => &object[first],
    };
    steps.fold(start, |found, step| &found[step])
}

/// `assignedLicenses/$count`: how many are in the list.
fn counted(path: &str, object: &Value, element: Element<'_>) -> Option<Value> {
    let list = value(path.strip_suffix("/$count")?, object, element);
    Some(Value::from(list.as_array().map_or(0, Vec::len)))
}

fn compare(found: &Value, op: Op, wanted: &Literal) -> bool {
    let order = match (found, wanted) {
        (Value::Null, Literal::Null) => return matches!(op, Op::Eq | Op::Ge | Op::Le),
        (Value::Bool(found), Literal::Flag(wanted)) => found.cmp(wanted),
        (Value::String(found), Literal::Text(wanted)) => {
            found.to_lowercase().cmp(&wanted.to_lowercase())
        }
        (Value::Number(found), Literal::Text(wanted)) => {
            match (found.as_i64(), wanted.parse::<i64>()) {
                (Some(found), Ok(wanted)) => found.cmp(&wanted),
                _ => return op == Op::Ne,
            }
        }
        _ => return op == Op::Ne,
    };
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
    }
}

/// Refuses what the directory refuses. `advanced` is the header together with `$count=true`
/// (learn.microsoft.com/graph/aad-advanced-queries).
pub(super) fn check(expr: &Expr, kind: &Kind, advanced: bool) -> Result<(), Refusal> {
    check_inside(expr, kind, advanced, None)
}

fn check_inside(
    expr: &Expr,
    kind: &Kind,
    advanced: bool,
    variable: Option<&str>,
) -> Result<(), Refusal> {
    let only_advanced = |operator: &str| {
        if advanced || !kind.directory { Ok(()) } else { Err(refusals::needs_eventual(operator)) }
    };
    match expr {
        Expr::Or(left, right) | Expr::And(left, right) => {
            check_inside(left, kind, advanced, variable)?;
            check_inside(right, kind, advanced, variable)
        }
        Expr::Not(inside) => {
            check_inside(inside, kind, advanced, variable)?;
            only_advanced("not")
        }
        Expr::Compare(path, op, wanted) => {
            check_path(path, kind, variable)?;
            if path.ends_with("/$count") {
                return only_advanced("$count");
            }
            match op {
                Op::Ne => only_advanced("NotEqualsMatch"),
                _ if *wanted == Literal::Null => only_advanced("eq null"),
                Op::Gt | Op::Lt if kind.directory => {
                    Err(refusals::unsupported_query("operators gt and lt are not supported"))
                }
                _ => Ok(()),
            }
        }
        Expr::In(path, list) => {
            check_path(path, kind, variable)?;
            // Fifteen values: learn.microsoft.com/graph/filter-query-parameter, "in" and "or".
            if list.len() > 15 {
                return Err(refusals::unsupported_query(
                    "Too many child clauses specified in search filter expression",
                ));
            }
            Ok(())
        }
        Expr::Function(function, path, _) => {
            check_path(path, kind, variable)?;
            match function {
                Function::StartsWith => Ok(()),
                Function::EndsWith => only_advanced("endsWith"),
                Function::Contains => Err(refusals::unsupported_query(
                    "the function contains is not supported, use startswith or $search",
                )),
            }
        }
        Expr::Any(path, name, inside) => {
            check_path(path, kind, variable)?;
            check_inside(inside, kind, advanced, Some(name))
        }
    }
}

fn check_path(path: &str, kind: &Kind, variable: Option<&str>) -> Result<(), Refusal> {
    let first = path.split('/').next().unwrap_or_default();
    if variable == Some(first) || kind.properties.is_empty() {
        return Ok(());
    }
    let Some(property) = kind.property(first) else {
        return Err(refusals::unknown_filter_property(first, kind.name));
    };
    if matches!(property.usage, Use::Shown | Use::Set | Use::Profile) {
        let resource = kind.name.rsplit('.').next().unwrap_or_default();
        let mut letters = resource.chars();
        let resource: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        return Err(refusals::unfilterable(first, &resource));
    }
    Ok(())
}
