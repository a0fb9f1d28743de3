//! The command tree in both languages.

use std::collections::BTreeSet;

use clap::Command;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::commands::shell;
use super::usage;
use crate::language::Lang;
use crate::report::formats::FORMATS;

/// Every command, in the order in which the help lists them.
const COMMANDS: &[&str] =
    &["demo", "run", "open", "stats", "plot", "report", "capture", "explain", "doctor", "completions", "man"];

fn tree(lang: Lang) -> Command {
    let mut tree = Arguments { lang, width: 80 }.command();
    tree.build();
    tree
}

/// The help of the program and of each command, with its name.
fn every_help(lang: Lang) -> Vec<(String, String)> {
    let tree = tree(lang);
    std::iter::once(&tree)
        .chain(tree.get_subcommands())
        .map(|command| (command.get_name().to_owned(), command.clone().render_help().to_string()))
        .collect()
}

fn refusal(args: &[&str], lang: Lang) -> String {
    let error = Arguments { lang, width: 80 }.command().try_get_matches_from(args).expect_err("must be refused");
    usage::render(&error, lang)
}

#[test]
fn the_tree_is_sound() {
    for lang in Lang::ALL {
        tree(lang).debug_assert();
    }
}

#[test]
fn only_commands_of_the_contract_are_there() {
    for command in tree(Lang::En).get_subcommands() {
        assert!(COMMANDS.contains(&command.get_name()), "{}", command.get_name());
    }
    #[cfg(all(feature = "libpcap", target_os = "linux"))]
    assert_eq!(tree(Lang::En).get_subcommands().count(), COMMANDS.len());
}

#[test]
fn help_in_indonesian_has_no_english_left_over() {
    let english = [
        "Usage",
        "Options",
        "Commands",
        "Arguments",
        "Print ",
        "Examples",
        "default",
        "possible",
        "value",
        " the ",
        " and ",
        " or ",
        "[OPTIONS]",
        "<COMMAND>",
        "<FILE>",
        "help for",
        "Output",
        "General",
    ];
    for (name, help) in every_help(Lang::Id) {
        // The names of options and formats are the same in every language.
        let prose: String = help.split_whitespace().filter(|word| !word.starts_with('-')).collect::<Vec<_>>().join(" ");
        for word in english {
            assert!(!prose.contains(word), "{name}: {word:?} in\n{help}");
        }
        assert!(help.contains("Pemakaian: netscope"), "{help}");
    }
}

#[test]
fn help_in_english_has_no_indonesian_left_over() {
    for (name, help) in every_help(Lang::En) {
        for word in ["Pemakaian", "Opsi:", "Perintah", "Argumen:", " yang ", "BERKAS", "Contoh"] {
            assert!(!help.contains(word), "{name}: {word:?} in\n{help}");
        }
        assert!(help.contains("Usage: netscope"), "{help}");
    }
}

#[test]
fn both_languages_describe_the_same_options() {
    let names = |lang| -> BTreeSet<String> {
        let tree = tree(lang);
        std::iter::once(&tree)
            .chain(tree.get_subcommands())
            .flat_map(|command| {
                command
                    .get_arguments()
                    .map(|arg| format!("{} {}", command.get_name(), arg.get_id()))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    assert_eq!(names(Lang::En), names(Lang::Id));
}

#[test]
fn every_argument_says_what_it_does() {
    for lang in Lang::ALL {
        let tree = tree(lang);
        for command in std::iter::once(&tree).chain(tree.get_subcommands()) {
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty(), "{} {}", command.get_name(), arg.get_id());
                assert!(!help.contains('{'), "{} {}: {help}", command.get_name(), arg.get_id());
            }
        }
    }
}

#[test]
fn help_names_every_format_and_no_other() {
    for lang in Lang::ALL {
        let (_, help) = every_help(lang).into_iter().find(|(name, _)| name == "open").unwrap();
        let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for format in FORMATS {
            assert!(flat.contains(format.name), "{}", format.name);
        }
        for absent in ["svg", "latex", "mermaid"] {
            assert!(FORMATS.iter().any(|format| format.name == absent) || !flat.contains(absent), "{absent}");
        }
    }
}

#[test]
fn help_fits_its_width() {
    for lang in Lang::ALL {
        for (name, help) in every_help(lang) {
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{name}: {line}");
            }
        }
    }
}

#[test]
fn wrong_usage_is_told_in_both_languages() {
    // Arguments, and what the message must hold in English and in Indonesian.
    let cases: &[(&[&str], &[&str], &[&str])] = &[
        (&["netscope"], &["command is missing", "netscope --help"], &["perintah belum", "netscope --help"]),
        (
            &["netscope", "opne", "x"],
            &["no command \"opne\"", "Did you mean open"],
            &["tidak ada perintah \"opne\"", "maksudnya open"],
        ),
        (&["netscope", "banana"], &["no command \"banana\"", "netscope --help"], &["\"banana\"", "netscope --help"]),
        (
            &["netscope", "open", "x", "--formt", "csv"],
            &["no option --formt", "Did you mean --format"],
            &["tidak ada opsi --formt", "--format"],
        ),
        (
            &["netscope", "open", "x", "--format", "pdf"],
            &["--format cannot be \"pdf\"", "jsonl"],
            &["--format tidak dapat berupa \"pdf\"", "jsonl"],
        ),
        (&["netscope", "open", "x", "--format"], &["--format needs a value"], &["--format memerlukan nilai"]),
        (&["netscope", "open"], &["FILE is missing", "netscope open --help"], &["BERKAS belum diberikan"]),
        (
            &["netscope", "open", "x", "--conn", "abc"],
            &["--conn cannot be \"abc\"", "udp:0"],
            &["--conn tidak dapat berupa", "udp:0"],
        ),
        (
            &["netscope", "open", "x", "--limit", "0"],
            &["--limit cannot be \"0\"", "whole number from 1"],
            &["bilangan bulat dari 1"],
        ),
        (&["netscope", "open", "x", "--payload", "few"], &["none, all, or a number"], &["none, all, atau"]),
        (
            &["netscope", "explain", "a", "b"],
            &["\"b\" is one argument too many"],
            &["\"b\" adalah argumen yang berlebih"],
        ),
        (
            &["netscope", "capture", "tcp", "port", "80"],
            &["\"port\" is one argument too many", "stands in quotes: 'tcp port 80'. netscope capture --help"],
            &["diapit tanda kutip: 'tcp port 80'. netscope capture --help"],
        ),
        (
            &["netscope", "open", "x", "--connections=yes"],
            &["--connections takes no value"],
            &["--connections tidak menerima nilai"],
        ),
        (
            &["netscope", "open", "x", "-o", "a", "-o", "b"],
            &["--output may be given only once"],
            &["--output hanya boleh"],
        ),
        (
            &["netscope", "man", "--lang", "fr"],
            &["--lang cannot be \"fr\"", "en, id"],
            &["--lang tidak dapat berupa \"fr\""],
        ),
        (&["netscope", "completions", "tcsh"], &["\"tcsh\"", "bash, zsh, fish"], &["\"tcsh\"", "bash, zsh, fish"]),
        (&["netscope", "open", "x", "--columns", ","], &["--columns cannot be"], &["--columns tidak dapat berupa"]),
    ];
    for (args, en, id) in cases {
        for (lang, fragments) in [(Lang::En, en), (Lang::Id, id)] {
            let text = refusal(args, lang);
            for fragment in *fragments {
                assert!(text.contains(fragment), "{args:?} {}: {fragment:?} is not in {text:?}", lang.code());
            }
            assert!(!text.contains('{'), "{args:?}: {text}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_unknown_scenario_gets_the_list_and_the_nearest() {
    let text = refusal(&["netscope", "demo", "half-clsoe"], Lang::En);
    assert!(text.contains("cannot be \"half-clsoe\"") && text.contains("close-message"), "{text}");
    assert!(text.contains("Did you mean half-close?"), "{text}");
}

#[test]
fn completions_and_the_man_page_can_be_made() {
    for lang in Lang::ALL {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Elvish, Shell::PowerShell] {
            let script = String::from_utf8(shell::completion_script(shell, lang)).unwrap();
            for command in tree(lang).get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
            assert!(script.contains("jsonl"), "{shell}: the formats are missing");
            assert!(!script.contains("__exchange"), "{shell}: the hidden command shows");
        }
        let page = shell::man_page(lang);
        for command in tree(lang).get_subcommands() {
            assert!(page.contains(&format!(".SS netscope {}", command.get_name())), "{}", command.get_name());
        }
        assert!(page.starts_with(".TH NETSCOPE 1"), "{page}");
    }
}

#[cfg(target_os = "linux")]
mod demo {
    use std::path::{Path, PathBuf};

    use crate::cli::commands::demo::{choose, save_as};
    use crate::language::Lang;
    use crate::scenario::SCENARIOS;

    fn chosen(names: &[&str], variant: Option<&str>) -> Vec<(&'static str, &'static str)> {
        let shows = choose(names, variant).unwrap();
        shows.iter().map(|show| (show.scenario.name, show.variant.name)).collect()
    }

    #[test]
    fn one_name_means_all_its_variants_and_several_the_first_of_each() {
        let many = SCENARIOS.iter().find(|scenario| scenario.variants.len() > 1).expect("one has variants");
        let first = many.variants[0].name;
        assert_eq!(chosen(&[many.name], None).len(), many.variants.len());
        assert_eq!(chosen(&[many.name, "tcp"], None), [(many.name, first), ("tcp", SCENARIOS[0].variants[0].name)]);
        assert_eq!(chosen(&[many.name], Some(first)), [(many.name, first)]);
        assert_eq!(chosen(&[many.name, "tcp"], Some("all")).len(), many.variants.len() + 1);
    }

    #[test]
    fn an_unknown_variant_gets_the_list() {
        let many = SCENARIOS.iter().find(|scenario| scenario.variants.len() > 1).expect("one has variants");
        let failure = choose(&[many.name], Some("none-such")).map(|_| ()).unwrap_err();
        for lang in Lang::ALL {
            let text = failure.render(lang);
            assert!(many.variants.iter().all(|variant| text.contains(variant.name)) && text.contains("all"), "{text}");
        }
        assert!(choose(&["tcp"], Some("none-such")).is_err());
        assert!(choose(&[], Some("none-such")).is_err());
    }

    #[test]
    fn several_exchanges_are_saved_apart() {
        let shows = choose(&["tcp"], None).unwrap();
        assert_eq!(save_as(Path::new("a/lab.pcapng"), shows[0], 1), PathBuf::from("a/lab.pcapng"));
        assert_eq!(save_as(Path::new("a/lab.pcapng"), shows[0], 2), PathBuf::from("a/lab-tcp.pcapng"));
    }
}
