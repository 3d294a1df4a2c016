//! Says which tools there are, and what is wrong with them.
