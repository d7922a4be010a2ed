//! The worker against a real child in its sandbox.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

use std::path::Path;

use bauta_media::{Format, MAX_FILE_BYTES, MediaError, PictureKind, Sandbox, Worker, sandbox_status};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bauta-media-test-worker");

fn png(width: u32, height: u32, colour: png::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    bytes
}

#[tokio::test]
async fn the_sandbox_stands() {
    let status = sandbox_status(Path::new(PROGRAM)).await.unwrap();
    assert!(matches!(
        status,
        Sandbox::Full | Sandbox::OldLandlock | Sandbox::NoLandlock
    ));
}

#[test]
fn nothing_gets_out_of_the_sandbox() {
    let status = std::process::Command::new(PROGRAM)
        .arg("break-out")
        .status()
        .unwrap();
    assert_eq!(
        status.code(),
        Some(0),
        "the number of what got out is in test-worker/main.rs"
    );
}

#[tokio::test]
async fn a_program_that_is_no_worker_is_told_apart() {
    for program in ["/bin/true", "/bin/echo", "/nowhere"] {
        let status = sandbox_status(Path::new(program)).await;
        assert_eq!(status, Err(MediaError::NoWorker), "{program}");
    }
}

#[tokio::test]
async fn an_avatar_is_cut_from_the_middle() {
    // Red, green, red: only the green square in the middle remains.
    let row: Vec<u8> = (0..300)
        .flat_map(|x| {
            if (100..200).contains(&x) {
                [0, 200, 0]
            } else {
                [200, 0, 0]
            }
        })
        .collect();
    let sent = png(300, 100, png::ColorType::Rgb, &row.repeat(100));
    let picture = Worker::new(PROGRAM)
        .picture(PictureKind::Avatar, sent)
        .await
        .unwrap();
    assert_eq!(
        (picture.width, picture.height, picture.mime),
        (400, 400, "image/png")
    );
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture.bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let inner = &pixels[200 * 1200 + 30..200 * 1200 + 1170];
    assert!(inner.chunks(3).all(|pixel| pixel == [0, 200, 0]));
}

#[tokio::test]
async fn transparency_stays_and_the_same_picture_gives_the_same_bytes() {
    let samples: Vec<u8> = (0..50 * 50u32)
        .flat_map(|at| [at as u8, 90, 40, (at / 50 * 5) as u8])
        .collect();
    let sent = png(50, 50, png::ColorType::Rgba, &samples);
    let worker = Worker::new(PROGRAM);
    let first = worker.picture(PictureKind::Header, sent.clone()).await.unwrap();
    assert_eq!((first.width, first.height, first.mime), (1500, 500, "image/png"));
    assert_eq!(worker.picture(PictureKind::Header, sent).await.unwrap(), first);
}

#[tokio::test]
async fn what_is_not_taken_is_refused_with_advice() {
    let worker = Worker::new(PROGRAM);
    let refuse = async |bytes: &[u8]| {
        worker
            .picture(PictureKind::Avatar, bytes.to_vec())
            .await
            .unwrap_err()
    };
    let heic = refuse(b"\0\0\0\x18ftypheic\0\0\0\0").await;
    assert_eq!(heic, MediaError::Format(Format::Heic));
    assert!(heic.to_string().contains("most compatible"));
    assert_eq!(
        refuse(b"\0\0\0\x18ftypavif\0\0\0\0").await,
        MediaError::Format(Format::Avif)
    );
    assert_eq!(
        refuse(b"<svg xmlns='http://www.w3.org/2000/svg'/>").await,
        MediaError::Format(Format::Svg)
    );
    assert_eq!(refuse(b"MZ\x90").await, MediaError::Format(Format::Unknown));
    assert_eq!(refuse(b"").await, MediaError::Format(Format::Unknown));
    assert_eq!(
        refuse(&vec![0xff; MAX_FILE_BYTES + 1]).await,
        MediaError::TooLarge
    );
}
