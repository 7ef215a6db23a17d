//! The demo page (being built)
