//! Product names of licences, and service names of their plans.
//!
//! Graph tells only ids and part numbers. The names are those of Microsoft's public list
//! "Product names and service plan identifiers for licensing"; `data/products.csv` (part
//! number, SKU id where it is certain, name) and `data/services.csv` (plan, name) hold the
//! ones most tenants have, sorted by the first column. What is not there is shown by its
//! part number.

use std::{collections::HashMap, sync::LazyLock};

use uuid::Uuid;

const PRODUCTS: &str = include_str!("data/products.csv");
const SERVICES: &str = include_str!("data/services.csv");

struct Products {
    by_part: HashMap<&'static str, &'static str>,
    by_id: HashMap<Uuid, &'static str>,
}

static NAMES: LazyLock<Products> = LazyLock::new(|| {
    let mut names = Products { by_part: HashMap::new(), by_id: HashMap::new() };
    for line in PRODUCTS.lines() {
        let mut cells = line.splitn(3, ',');
        let (Some(part), Some(id), Some(name)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        names.by_part.insert(part, name);
        if let Ok(id) = Uuid::try_parse(id) {
            names.by_id.insert(id, name);
        }
    }
    names
});

static PLANS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| SERVICES.lines().filter_map(|line| line.split_once(',')).collect());

/// The product's name by part number, if the table has it.
pub fn name(part_number: &str) -> Option<&'static str> {
    NAMES.by_part.get(part_number).copied()
}

/// The product's name by SKU id, if the table has it: for a licence that the tenant no
/// longer subscribes to.
pub fn name_of(sku: Uuid) -> Option<&'static str> {
    NAMES.by_id.get(&sku).copied()
}

/// The service's name by its plan, such as "Microsoft Teams" of `TEAMS1`; the plan itself
/// when the table does not have it.
pub fn service(plan: &str) -> &str {
    PLANS.get(plan).copied().unwrap_or(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_find_each_of_their_own() {
        for table in [PRODUCTS, SERVICES] {
            let first = |line: &'static str| line.split(',').next().unwrap();
            let keys: Vec<&str> = table.lines().map(first).collect();
            assert!(keys.is_sorted_by(|a, b| a < b));
        }
        for line in PRODUCTS.lines() {
            let cells: Vec<&str> = line.splitn(3, ',').collect();
            assert_eq!(name(cells[0]), Some(cells[2]), "{line}");
            if !cells[1].is_empty() {
                assert_eq!(name_of(cells[1].parse().unwrap()), Some(cells[2]), "{line}");
            }
        }
        assert_eq!((name("SPE_E3"), name("NO_SUCH")), (Some("Microsoft 365 E3"), None));
        assert_eq!((service("TEAMS1"), service("NO_SUCH")), ("Microsoft Teams", "NO_SUCH"));
    }
}
