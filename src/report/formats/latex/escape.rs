//! Text that LaTeX takes literally, in the letters that its standard fonts have.

use std::fmt::Write as _;

/// Letters with accents that the standard fonts put together.
const LETTERS: &str = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ";

/// Text between other text.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut quotes = 0_u32;
    let mut before = ' ';
    for char in text.chars() {
        match char {
            '"' => {
                quotes += 1;
                out.push_str(if quotes % 2 == 1 { "``" } else { "''" });
            }
            // Two hyphens would become a dash.
            '-' if before == '-' => out.push_str("{}-"),
            _ => push(&mut out, char),
        }
        before = char;
    }
    out
}

/// Text in fixed-width letters that may be broken anywhere.
pub(super) fn code(text: &str) -> String {
    let mut out = String::from("\\texttt{");
    for (at, char) in text.chars().enumerate() {
        // A mark between two letters also keeps them from joining.
        if at > 0 && (at % 4 == 0 || !char.is_ascii_alphanumeric()) {
            out.push_str("\\allowbreak{}");
        }
        match char {
            '"' => out.push_str("\\char34{}"),
            ' ' => out.push_str("\\ "),
            _ => push(&mut out, char),
        }
    }
    out.push('}');
    out
}

fn push(out: &mut String, char: char) {
    let command = match char {
        '\\' => "\\textbackslash{}",
        '{' => "\\{",
        '}' => "\\}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '_' => "\\_",
        '%' => "\\%",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '`' => "\\char18{}",
        '\u{a0}' => "~",
        '–' => "--",
        '—' => "---",
        '…' => "\\dots{}",
        '·' => "$\\cdot$",
        '×' => "$\\times$",
        '→' => "$\\rightarrow$",
        '←' => "$\\leftarrow$",
        '↷' => "$\\hookrightarrow$",
        '▸' => "\\textbf{\\dots}",
        '✓' => "$\\surd$",
        '●' => "$\\bullet$",
        '■' => "\\rule{1ex}{1ex}",
        '≥' => "$\\geq$",
        '≤' => "$\\leq$",
        'µ' | 'μ' => "$\\mu$",
        '§' => "\\S{}",
        '’' => "'",
        '\n' => " ",
        _ if char.is_ascii_graphic() || char == ' ' || LETTERS.contains(char) => {
            out.push(char);
            return;
        }
        _ => {
            let _ = write!(out, "U+{:04X}", u32::from(char));
            return;
        }
    };
    out.push_str(command);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_command() {
        assert_eq!(
            escape(r"100% \x {a}_b #1 & $ ^~"),
            r"100\% \textbackslash{}x \{a\}\_b \#1 \& \$ \textasciicircum{}\textasciitilde{}"
        );
        assert_eq!(escape("\"a\" --lang 5 → 日"), "``a'' -{}-lang 5 $\\rightarrow$ U+65E5");
        assert_eq!(code("a\"`"), "\\texttt{a\\allowbreak{}\\char34{}\\allowbreak{}\\char18{}}");
    }
}
