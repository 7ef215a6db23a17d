//! Counters and a histogram in Prometheus' text format, version 0.0.4
//! (`prometheus.io/docs/instrumenting/exposition_formats`).
//!
//! Written here instead of taken from a crate: three shapes, no dependencies.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A family has at most so many label sets; later ones are not counted.
const SETS_MAX: usize = 500;

/// One label's value: a stable name of ours, never a person's words.
pub type Label = Cow<'static, str>;

/// Counters that differ in `N` labels.
#[derive(Debug)]
pub struct Family<const N: usize> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; N],
    counts: Mutex<BTreeMap<[Label; N], u64>>,
}

impl<const N: usize> Family<N> {
    /// An empty family. `name` ends with `_total`.
    pub const fn new(name: &'static str, help: &'static str, labels: [&'static str; N]) -> Self {
        Self { name, help, labels, counts: Mutex::new(BTreeMap::new()) }
    }

    /// One more.
    pub fn count(&self, labels: [Label; N]) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < SETS_MAX || counts.contains_key(&labels) {
            *counts.entry(labels).or_default() += 1;
        }
    }

    /// Its lines.
    pub fn write(&self, page: &mut Page) {
        page.begin(self.name, self.help, "counter");
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (values, count) in counts.iter() {
            let labels: Vec<_> =
                self.labels.into_iter().zip(values.iter().map(AsRef::as_ref)).collect();
            page.line(self.name, &labels, count);
        }
    }
}

/// The upper bounds of the buckets, in microseconds.
const BOUNDS: [u64; 11] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 3_000_000, 10_000_000,
];

/// How long things took.
#[derive(Debug)]
pub struct Histogram {
    name: &'static str,
    help: &'static str,
    /// One for each bound, and one for what is longer.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    /// An empty one. `name` ends with `_seconds`.
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            buckets: [const { AtomicU64::new(0) }; BOUNDS.len() + 1],
            micros: AtomicU64::new(0),
        }
    }

    /// Something took this long.
    pub fn took(&self, long: Duration) {
        let micros = u64::try_from(long.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.iter().position(|bound| micros <= *bound).unwrap_or(BOUNDS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Its lines.
    pub fn write(&self, page: &mut Page) {
        page.begin(self.name, self.help, "histogram");
        let (bucket, mut below) = (format!("{}_bucket", self.name), 0);
        for (at, count) in self.buckets.iter().enumerate() {
            below += count.load(Ordering::Relaxed);
            let bound = BOUNDS.get(at).map_or("+Inf".to_owned(), |bound| seconds(*bound));
            page.line(&bucket, &[("le", bound.as_str())], below);
        }
        let sum = seconds(self.micros.load(Ordering::Relaxed));
        page.line(&format!("{}_sum", self.name), &[], sum);
        page.line(&format!("{}_count", self.name), &[], below);
    }
}

/// Microseconds as seconds, without the noise of floating point.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The page that is fetched.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// A family begins.
    pub fn begin(&mut self, name: &str, help: &str, kind: &str) {
        self.put(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// One value.
    pub fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.put(format_args!("{name}"));
        for (at, (label, said)) in labels.iter().enumerate() {
            let said = said.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            self.put(format_args!("{}{label}=\"{said}\"", if at == 0 { '{' } else { ',' }));
        }
        self.put(format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    /// A value without labels.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.begin(name, help, "gauge");
        self.line(name, &[], value);
    }

    /// The whole text.
    pub fn text(self) -> String {
        self.0
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a String takes any text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_written_with_their_labels_escaped() {
        let family = Family::new("x_total", "Things.", ["a", "b"]);
        family.count(["one".into(), "say \"hi\"".into()]);
        family.count(["one".into(), "say \"hi\"".into()]);
        let mut page = Page::default();
        family.write(&mut page);
        assert_eq!(
            page.text(),
            "# HELP x_total Things.\n# TYPE x_total counter\nx_total{a=\"one\",b=\"say \\\"hi\\\"\"} 2\n"
        );
    }

    #[test]
    fn a_histogram_counts_everything_below_each_bound() {
        let histogram = Histogram::new("y_seconds", "Long.");
        for millis in [1, 2, 20, 20_000] {
            histogram.took(Duration::from_millis(millis));
        }
        let mut page = Page::default();
        histogram.write(&mut page);
        let text = page.text();
        for line in [
            "y_seconds_bucket{le=\"0.001\"} 1",
            "y_seconds_bucket{le=\"0.0025\"} 2",
            "y_seconds_bucket{le=\"0.025\"} 3",
            "y_seconds_bucket{le=\"10\"} 3",
            "y_seconds_bucket{le=\"+Inf\"} 4",
            "y_seconds_sum 20.023",
            "y_seconds_count 4",
        ] {
            assert!(text.contains(line), "no {line} in\n{text}");
        }
    }

    #[test]
    fn label_sets_are_bounded() {
        let family = Family::new("z_total", "Things.", ["a"]);
        for n in 0..2 * SETS_MAX {
            family.count([n.to_string().into()]);
        }
        assert_eq!(family.counts.lock().unwrap().len(), SETS_MAX);
    }
}
