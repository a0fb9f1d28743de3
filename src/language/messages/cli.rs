//! Messages of `cli`.

use super::{Message, Text, messages};

messages! {

    ERROR: "error" / "galat";
    WARNING: "warning" / "peringatan";
}
