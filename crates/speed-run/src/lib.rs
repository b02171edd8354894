//! Runs openssl speed for one or two targets in interleaved rounds.
