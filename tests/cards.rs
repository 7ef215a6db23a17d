//! Every message, every face, within the services' limits.
use countersign::adapters::cards::write::write_samples;
#[test]
fn the_samples_can_be_written_for_looking_at() {
    let dir = std::path::Path::new("/tmp/cards-out");
    let _ = std::fs::remove_dir_all(dir);
    assert!(write_samples(dir).unwrap() > 100);
}
