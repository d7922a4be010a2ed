//! CSV as of RFC 4180.

/// A cell as it stands in a file.
pub(crate) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The records of a file, without empty lines.
pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut inside, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if inside => inside = false,
            '"' if cell.is_empty() => inside = true,
            ',' if !inside => record.push(std::mem::take(&mut cell)),
            '\r' if !inside => {}
            '\n' if !inside => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records.retain(|record| record.iter().any(|cell| !cell.trim().is_empty()));
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cells in prop::collection::vec("[a-z,\"\n é#]{1,12}", 1..5)) {
            let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            let kept = cells.iter().any(|cell| !cell.trim().is_empty());
            let read = records(&format!("{}\n", line.join(",")));
            prop_assert_eq!(read, if kept { vec![cells] } else { Vec::new() });
        }

        #[test]
        fn any_text_is_records(text in "\\PC{0,80}") {
            records(&text);
        }
    }
}
