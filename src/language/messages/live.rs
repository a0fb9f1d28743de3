//! Messages of `live`.

use super::{Message, Text, messages};

messages! {}
