//! What the house says of itself: its credentials and its record.

use crate::domain::plan::Note;

/// Every such note, with its fields.
pub fn notes() -> Vec<Note> {
    vec![
        ending("secret_ends", "", "14"),
        ending("secret_over", "Fabrikam", "-1"),
        ending("certificate_ends", "Fabrikam", "30"),
        ending("certificate_over", "", "-1"),
        ending("relationship_ends", "Fabrikam", "3"),
        ending("relationship_over", "Fabrikam", "-1"),
        Note::new(
            "head_posted",
            &[
                ("facts", "1042"),
                ("at", "@2026-08-04T15:00:00Z"),
                (
                    "head",
                    &format!(
                        "countersign-head.1.1042.1754319600000000.{}.0f0e0d0c0b0a0908.{}",
                        "6e".repeat(32),
                        "5f".repeat(64)
                    ),
                ),
            ],
        ),
    ]
}

fn ending(key: &str, customer: &str, days: &str) -> Note {
    Note::new(
        key,
        &[
            ("at", "@2026-08-04T15:00:00Z"),
            ("days", days),
            ("customer", customer),
            ("app", "6b4c1e52-7a0d-4f0e-9d3c-2f1f0c7b8a11"),
        ],
    )
}
