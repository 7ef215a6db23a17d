//! One HTTP client for every call out.
