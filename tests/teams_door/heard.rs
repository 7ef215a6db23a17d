//! Recorded activities, names changed, become words, clicks and news.
