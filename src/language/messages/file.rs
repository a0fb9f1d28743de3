//! Messages of `file`.

use super::{Message, Text, messages};

messages! {}
