//! Every built-in resource of every release.
