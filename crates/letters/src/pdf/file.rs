//! The file: catalogue, pages, two fonts, and what stands on each page (ISO 32000-2 § 7.5).

use std::fmt::Write as _;

/// Shows codes at a place.
pub(super) fn show(page: &mut Vec<u8>, codes: &[u8], font: &str, size: f64, (x, y): (f64, f64)) {
    if codes.is_empty() {
        return;
    }
    page.extend_from_slice(format!("BT /{font} {size:.2} Tf {x:.2} {y:.2} Td (").as_bytes());
    for code in codes {
        match code {
            b'(' | b')' | b'\\' => page.extend_from_slice(&[b'\\', *code]),
            0x20..=0x7e => page.push(*code),
            other => page.extend_from_slice(format!("\\{other:03o}").as_bytes()),
        }
    }
    page.extend_from_slice(b") Tj ET\n");
}

/// The whole file.
pub(super) fn write((width, height): (f64, f64), pages: &[Vec<u8>]) -> Vec<u8> {
    let font = |name: &str| {
        format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>").into_bytes()
    };
    let mut kids = String::new();
    for index in 0..pages.len() {
        let _ = write!(kids, "{} 0 R ", 5 + index * 2);
    }
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R/Lang(en)>>".to_vec(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len()).into_bytes(),
        font("Times-Roman"),
        font("Times-Bold"),
    ];
    for (index, page) in pages.iter().enumerate() {
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {} 0 R\
                 /Resources<</Font<</R 3 0 R/B 4 0 R>>>>>>",
                6 + index * 2
            )
            .into_bytes(),
        );
        let mut stream = format!("<</Length {}>>\nstream\n", page.len()).into_bytes();
        stream.extend_from_slice(page);
        stream.extend_from_slice(b"endstream");
        objects.push(stream);
    }
    assemble(&objects)
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let (start, size) = (bytes.len(), objects.len() + 1);
    bytes.extend_from_slice(
        format!(
            "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        )
        .as_bytes(),
    );
    bytes
}
