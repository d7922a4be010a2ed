//! Papers against a real child in its sandbox: what is drawn, what is refused, and that nothing under a box survives.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod build;
mod hostile;

use bauta_media::{Area, PaperError, PaperPage, Worker, published_pdf};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object, Stream};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bauta-media-test-worker");
/// A mark of the same width as [`OTHER`], so that no layout depends on which is there.
const MARK: &str = "kestrel7731";
const OTHER: &str = "osprey90452";

async fn draw(bytes: &[u8]) -> Result<PaperPage, PaperError> {
    Worker::new(PROGRAM).paper_page(bytes, 0).await
}

/// The pixels of a PNG, eight bits a sample.
fn pixels(png: &[u8]) -> Vec<u8> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

#[tokio::test]
async fn a_page_is_drawn_on_white_with_words_that_stand_where_they_should() {
    let page = draw(&build::simple("BT /F 40 Tf 20 30 Td (HELD) Tj ET"))
        .await
        .unwrap();
    assert_eq!((page.pages, page.width, page.height), (1, 416, 208));
    assert!(!page.incomplete);
    let pixels = pixels(&page.png());
    assert!(
        pixels[..416 * 3 * 40].iter().all(|sample| *sample == 255),
        "nothing above the words"
    );
    let black = pixels.chunks(3).filter(|pixel| pixel[0] < 60).count();
    assert!(
        (2_000..30_000).contains(&black),
        "{black} black pixels make the word"
    );
}

#[tokio::test]
async fn the_second_page_is_drawn_and_there_is_no_third() {
    let two = build::file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]/Rotate 90>>".to_vec(),
    ]);
    let worker = Worker::new(PROGRAM);
    let second = worker.paper_page(&two, 1).await.unwrap();
    assert_eq!((second.pages, second.width, second.height), (2, 150, 300));
    assert_eq!(worker.paper_page(&two, 2).await, Err(PaperError::NoSuchPage));
}

#[tokio::test]
async fn a_photograph_of_a_page_is_a_paper_of_one_page() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3000, 1500);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    // Black, wholly transparent: on white it is white.
    writer.write_image_data(&vec![0; 3000 * 1500 * 4]).unwrap();
    writer.finish().unwrap();
    let page = draw(&bytes).await.unwrap();
    assert_eq!((page.pages, page.width, page.height), (1, 2400, 1200));
    assert!(pixels(&page.png()).iter().all(|sample| *sample == 255));
    let again = Worker::new(PROGRAM).paper_page(&bytes, 1).await;
    assert_eq!(again, Err(PaperError::NoSuchPage));
}

#[tokio::test]
async fn a_page_that_can_not_be_drawn_whole_says_so() {
    let missing = build::file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 3/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_vec(),
    ]);
    let page = draw(&missing).await.unwrap();
    assert!(
        page.incomplete,
        "it says that it has three pages, and one is there"
    );
}

/// The heart of it: two papers that differ in nothing but what is hidden, under the box and beside the page, become the
/// same public file.
#[tokio::test]
async fn what_was_hidden_has_no_influence_on_what_is_published() {
    let right = Area::new(0.5, 0.0, 0.5, 1.0).unwrap();
    let one = draw(&build::marked(MARK)).await.unwrap();
    let other = draw(&build::marked(OTHER)).await.unwrap();
    assert_ne!(one, other, "the marks are drawn, or this test shows nothing");
    let (one, other) = (one.publish(&[right]), other.publish(&[right]));
    assert_eq!(one.png(), other.png());
    assert_eq!(published_pdf(&[one]), published_pdf(&[other]));
}

#[tokio::test]
async fn no_mark_survives_and_pixels_under_a_box_are_uniform() {
    let paper = build::marked(MARK);
    assert!(holds(&paper, MARK), "positive control: the mark is in the paper");
    let page = draw(&paper).await.unwrap();
    let public = page.publish(&[Area::new(0.5, 0.0, 0.5, 1.0).unwrap()]);
    let png = public.png();
    for file in [
        page.png(),
        png.clone(),
        published_pdf(std::slice::from_ref(&public)),
    ] {
        assert!(!holds(&file, MARK));
    }
    let (width, height) = (usize::from(public.width()), usize::from(public.height()));
    let pixels = pixels(&png);
    for row in pixels.chunks(width).take(height) {
        assert!(row[width / 2..].iter().all(|sample| *sample == 0));
    }
    let seen = pixels.chunks(width).flat_map(|row| &row[..width / 2]);
    assert!(
        seen.filter(|sample| **sample < 60).count() > 50,
        "the public words are still there"
    );
}

/// Raw, in UTF-16, and in whatever inflates, from any place in the file.
fn holds(file: &[u8], mark: &str) -> bool {
    let wide: Vec<u8> = mark.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let within = |bytes: &[u8]| {
        [mark.as_bytes(), &wide]
            .iter()
            .any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
    };
    let inflated = (0..file.len()).filter(|at| file[*at] & 0x0f == 8).any(|at| {
        let inflated = decompress_to_vec_zlib_with_limit(&file[at..], 1 << 22);
        within(&inflated.unwrap_or_else(|error| error.output))
    });
    within(file) || inflated
}

/// Reads the public file with another reader's eyes: nothing but pages, the operators that show a picture, and pictures.
#[tokio::test]
async fn the_public_file_is_made_of_pictures_only() {
    let page = draw(&build::marked(MARK)).await.unwrap();
    let public = page.publish(&[]);
    let file = published_pdf(&[public.clone(), public.clone()]);
    let pdf = Pdf::new(file.clone()).unwrap();
    assert_eq!(pdf.pages().len(), 2);
    let allowed = [
        "Type",
        "Pages",
        "Count",
        "Kids",
        "Parent",
        "MediaBox",
        "Contents",
        "Resources",
        "XObject",
        "I",
        "Length",
        "Subtype",
        "Width",
        "Height",
        "ColorSpace",
        "BitsPerComponent",
        "Filter",
        "DecodeParms",
        "Predictor",
        "Colors",
        "Columns",
    ];
    let check = |dictionary: &Dict<'_>| {
        for key in dictionary.keys() {
            assert!(allowed.contains(&key.as_str()), "{}", key.as_str());
        }
    };
    let mut streams = 0;
    for object in pdf.objects() {
        match &object {
            Object::Dict(dictionary) => check(dictionary),
            Object::Stream(stream) => {
                check(stream.dict());
                streams += 1;
                assert!(is_picture_or_shows_one(stream), "a stream that is neither");
            }
            other => panic!("an object of another kind: {other:?}"),
        }
    }
    assert_eq!(streams, 4);
    let tail = String::from_utf8_lossy(&file[file.len() - 80..]).into_owned();
    assert!(tail.contains("/Root 1 0 R>>") && !tail.contains("Info") && !tail.contains("ID"));
    // And it can be read again: the pixels are those of the PNG.
    let again = draw(&file).await.unwrap();
    assert_eq!(again.pages, 2);
    assert!(
        again.width.abs_diff(public.width()) <= 2,
        "{} {}",
        again.width,
        public.width()
    );
}

fn is_picture_or_shows_one(stream: &Stream<'_>) -> bool {
    let picture = stream.dict().contains_key("Width");
    let content = stream.decoded().unwrap();
    picture || content.ends_with(b"0 0 cm /I Do")
}
