//! `cargo xtask docs`: the pages of docs/ that are made from the program itself, so that they can't disagree with it.

use crate::report::Report;
use crate::{process, root};

/// A page that is generated: its file, and what makes it. A new one is a line in [`PAGES`].
struct Page {
    path: &'static str,
    text: fn() -> Result<String, String>,
}

const PAGES: &[Page] = &[Page {
    path: "docs/command-line-help.md",
    text: command_line,
}];

/// Writes every page.
pub fn write() -> bool {
    let mut report = Report::default();
    report.check("building the program", build);
    for page in PAGES {
        report.check(page.path, || {
            let text = (page.text)().map_err(|error| vec![error])?;
            std::fs::write(root().join(page.path), text)
                .map_err(|error| vec![format!("{}: {error}", page.path)])
        });
    }
    // This one is checked, and written when asked to, by a test of the crate that knows the inventory.
    report.check("docs/privacy-inventory.md", || {
        let mut cargo = process::command("cargo");
        cargo
            .args(["test", "--quiet", "--package", "bauta-inventory"])
            .env("BAUTA_BLESS", "1");
        process::run(cargo).map_err(|error| vec![error])
    });
    report.check("docs/legal-rules.md", || {
        let mut cargo = process::command("cargo");
        cargo
            .args(["test", "--quiet", "--package", "bauta-legal", "--test", "page"])
            .env("BAUTA_BLESS", "1");
        process::run(cargo).map_err(|error| vec![error])
    });
    report.check("docs/client-api-endpoints.md", || {
        let mut cargo = process::command("cargo");
        cargo
            .args([
                "test",
                "--quiet",
                "--package",
                "bauta-client-api",
                "--test",
                "api",
                "endpoints",
            ])
            .env("BAUTA_BLESS", "1");
        process::run(cargo).map_err(|error| vec![error])
    });
    report.close()
}

/// Fails when a page is not what would be written.
pub fn check() -> bool {
    let mut report = Report::default();
    report.check("building the program", build);
    report.check("generated pages", problems);
    report.close()
}

/// Which pages are stale. The program has to be built.
pub fn problems() -> Result<(), Vec<String>> {
    let stale = |page: &Page| match (page.text)() {
        Err(error) => Some(format!("{}: {error}", page.path)),
        Ok(text) if std::fs::read_to_string(root().join(page.path)).is_ok_and(|kept| kept == text) => None,
        Ok(_) => Some(format!("{} is stale: run `cargo xtask docs`", page.path)),
    };
    let problems: Vec<String> = PAGES.iter().filter_map(stale).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn build() -> Result<(), Vec<String>> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--quiet", "--workspace", "--bin", "bauta"]);
    process::run(cargo).map_err(|error| vec![error])
}

/// Every subcommand's own help, one after the other.
fn command_line() -> Result<String, String> {
    let mut page =
        "# Help, command by command\n\nThis page is what each command answers to `--help`.\n".to_owned();
    let mut rest = vec![String::new()];
    while let Some(command) = rest.pop() {
        let words: Vec<&str> = command.split_whitespace().collect();
        let mut bauta = process::command(root().join("target/debug/bauta"));
        bauta.args(&words).arg("--help");
        let help = process::output(bauta)?;
        let name = format!("bauta {command}").trim_end().to_owned();
        page.extend(["\n## `", &name, "`\n\n```text\n", &trimmed(&help), "\n```\n"]);
        let mut below = subcommands(&help);
        below.reverse();
        rest.extend(
            below
                .into_iter()
                .map(|below| format!("{command} {below}").trim_start().to_owned()),
        );
    }
    if page.lines().count() < 12 {
        return Err("`bauta --help` lists no commands".to_owned());
    }
    Ok(page)
}

/// The names under "Commands:" in what `--help` prints; `help` itself is left out.
fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let entries = lines.take_while(|line| !line.trim().is_empty());
    // An entry is indented by two; a description that goes over the line, by more.
    let names = entries
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '));
    names
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Without spaces at the ends of lines, which no editor would keep.
fn trimmed(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::subcommands;

    #[test]
    fn subcommands_are_those_that_help_lists() {
        let help = "A server\n\nUsage: bauta <COMMAND>\n\nCommands:\n  serve   Serves\n          for long\n  doctor  Tells\n  \
                    help    Print this\n\nOptions:\n  -h, --help  Print help\n";
        assert_eq!(subcommands(help), ["serve", "doctor"]);
        assert!(subcommands("Usage: bauta serve\n").is_empty());
    }
}
