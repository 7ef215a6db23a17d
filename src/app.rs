//! The only place where real adapters meet the desk.
