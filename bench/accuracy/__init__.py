"""How right the evaluators are, measured on labelled sets."""
