//! Messages of `report`.

use super::{Message, Text, messages};

messages! {}
