//! Terms that `explain` knows besides the rules: flags and states.
