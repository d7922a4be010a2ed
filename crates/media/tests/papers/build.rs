//! Builds PDFs by hand, each with a mark in a place where text can hide.

use std::fmt::Write as _;

use miniz_oxide::deflate::compress_to_vec_zlib;

/// Objects numbered from 1, the first being the catalogue.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    trailer(objects, "")
}

/// The same, with more in the trailer.
pub fn trailer(objects: &[Vec<u8>], more: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let start = bytes.len();
    let size = objects.len() + 1;
    bytes.extend_from_slice(
        format!(
            "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{more}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .as_bytes(),
    );
    bytes
}

/// A compressed stream.
pub fn packed(dictionary: &str, data: &[u8]) -> Vec<u8> {
    stream(
        &format!("{dictionary}/Filter/FlateDecode"),
        &compress_to_vec_zlib(data, 6),
    )
}

pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

/// One page of 200 × 100 units with this content.
pub fn simple(content: &str) -> Vec<u8> {
    file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_vec(),
        packed("", content.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ])
}

/// A page whose left half holds public words, and whose right half holds `mark` in every way that a page can: drawn
/// text, white text, text in a layer that is shown and in one that is not, an annotation, a link, form data, a picture's
/// name; and `mark` in the metadata, the outline, an attachment, a script and after the end.
pub fn marked(mark: &str) -> Vec<u8> {
    let content = format!(
        "BT /F 12 Tf 10 50 Td (public) Tj ET
         BT /F 8 Tf 110 80 Td ({mark}) Tj ET
         1 1 1 rg BT /F 8 Tf 110 70 Td ({mark}) Tj ET 0 g
         /OC /On BDC BT /F 8 Tf 110 60 Td ({mark}) Tj ET EMC
         /OC /Off BDC BT /F 8 Tf 110 50 Td ({mark}) Tj ET EMC
         /Span <</ActualText ({mark}) /Alt ({mark})>> BDC BT 3 Tr /F 8 Tf 110 40 Td ({mark}) Tj ET EMC
         % {mark}"
    );
    let xml = format!("<x:xmpmeta xmlns:x='adobe:ns:meta/'>{mark}</x:xmpmeta>");
    let mut bytes = trailer(
        &[
            format!(
                "<</Type/Catalog/Pages 2 0 R/Metadata 8 0 R/Outlines 11 0 R/OpenAction<</S/JavaScript/JS({mark})>>\
                 /Names<</EmbeddedFiles<</Names[({mark}) 9 0 R]>>>>\
                 /OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[7 0 R]>>>>>>"
            )
            .into_bytes(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Annots[12 0 R 13 0 R]\
                 /PieceInfo<</X<</Private({mark})>>>>\
                 /Resources<</Font<</F 5 0 R>>/Properties<</On 6 0 R/Off 7 0 R>>>>>>"
            )
            .into_bytes(),
            packed("", content.as_bytes()),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
            format!("<</Type/OCG/Name({mark})>>").into_bytes(),
            format!("<</Type/OCG/Name({mark} hidden)>>").into_bytes(),
            packed("/Type/Metadata/Subtype/XML", xml.as_bytes()),
            format!("<</Type/Filespec/F({mark}.txt)/EF<</F 10 0 R>>>>").into_bytes(),
            packed("/Type/EmbeddedFile", mark.as_bytes()),
            format!("<</Type/Outlines/Title({mark})>>").into_bytes(),
            format!(
                "<</Type/Annot/Subtype/FreeText/Rect[110 20 190 30]/Contents({mark})/T({mark})/AP<</N 14 0 R>>>>"
            )
            .into_bytes(),
            format!("<</Type/Annot/Subtype/Link/Rect[110 10 190 20]/A<</S/URI/URI(http://{mark}.example/)>>>>")
                .into_bytes(),
            packed(
                "/Type/XObject/Subtype/Form/BBox[0 0 80 10]/Resources<</Font<</F 5 0 R>>>>",
                format!("BT /F 8 Tf 0 2 Td ({mark}) Tj ET").as_bytes(),
            ),
            format!("<</Title({mark})/Author({mark})/Producer({mark})/CreationDate(D:20170314)>>").into_bytes(),
        ],
        &format!("/Info 15 0 R/ID[({mark})({mark})]"),
    );
    bytes.extend_from_slice(format!("% {mark}\n").as_bytes());
    bytes
}
