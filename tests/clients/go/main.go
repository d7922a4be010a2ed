// The other side of the interop test: x/mod's note and tlog packages, which know nothing of Bauta.
//
//	interop key NAME            prints a new secret key and its verifier key, a line each
//	interop write DIR SKEY N    writes a log of the entries "entry 0", "entry 1", …
//	interop check DIR VKEY      reads one and checks signature, root, every entry, and proofs
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "key":
		secret, public, err := note.GenerateKey(rand.Reader, args[1])
		if err != nil {
			return err
		}
		fmt.Println(secret)
		fmt.Println(public)
		return nil
	case len(args) == 4 && args[0] == "write":
		count, err := strconv.ParseInt(args[3], 10, 64)
		if err != nil {
			return err
		}
		return write(args[1], args[2], count)
	case len(args) == 3 && args[0] == "check":
		return check(args[1], args[2])
	}
	return fmt.Errorf("wrong arguments %q", args)
}

// path is a tile's path in the C2SP form; x/mod writes the older one, with the height.
func path(t tlog.Tile) string {
	old := t.Path()
	if rest, ok := strings.CutPrefix(old, "tile/8/data/"); ok {
		return "tile/entries/" + rest
	}
	return "tile/" + strings.TrimPrefix(old, "tile/8/")
}

func entry(n int64) []byte {
	return []byte(fmt.Sprintf("entry %d", n))
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = s[at]
	}
	return out, nil
}

func write(dir, skey string, count int64) error {
	var hashes stored
	for n := int64(0); n < count; n++ {
		more, err := tlog.StoredHashes(n, entry(n), hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, more...)
	}
	put := func(name string, data []byte) error {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		return os.WriteFile(full, data, 0o644)
	}
	for _, tile := range tlog.NewTiles(height, 0, count) {
		data, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		if err := put(path(tile), data); err != nil {
			return err
		}
		if tile.L > 0 {
			continue
		}
		var bundle []byte
		for i := int64(0); i < int64(tile.W); i++ {
			e := entry(tile.N*256 + i)
			bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(e)))
			bundle = append(bundle, e...)
		}
		data = bundle
		tile.L = -1
		if err := put(path(tile), data); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(count, hashes)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), count, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return err
	}
	return put("checkpoint", signed)
}

type folder string

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), path(tile)))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func check(dir, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return fmt.Errorf("the checkpoint's text is %q", opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	if size == 0 {
		empty, err := tlog.TreeHash(0, stored(nil))
		if err == nil && empty != root {
			err = fmt.Errorf("the root of the empty tree is %v", root)
		}
		return err
	}
	tree := tlog.Tree{N: size, Hash: root}
	hashes := tlog.TileHashReader(tree, folder(dir))
	if again, err := tlog.TreeHash(size, hashes); err != nil || again != root {
		return fmt.Errorf("the tiles' root is %v: %v", again, err)
	}
	for first := int64(0); first < size; first += 256 {
		if err := checkBundle(dir, hashes, first, min(256, size-first)); err != nil {
			return err
		}
	}
	for _, n := range []int64{0, size / 3, size - 1} {
		proof, err := tlog.ProveRecord(size, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(entry(n))); err != nil {
			return err
		}
	}
	for _, old := range []int64{1, (size + 1) / 2, size} {
		oldRoot, err := tlog.TreeHash(old, hashes)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(size, old, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, size, root, old, oldRoot); err != nil {
			return err
		}
	}
	return nil
}

func checkBundle(dir string, hashes tlog.HashReader, first, width int64) error {
	data, err := os.ReadFile(filepath.Join(dir, path(tlog.Tile{H: height, L: -1, N: first / 256, W: int(width)})))
	if err != nil {
		return err
	}
	var indexes []int64
	for n := first; n < first+width; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	leaves, err := hashes.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i := int64(0); i < width; i++ {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("the bundle at %d is cut off", first)
		}
		length := int(binary.BigEndian.Uint16(data))
		e := data[2 : 2+length]
		data = data[2+length:]
		if !bytes.Equal(e, entry(first+i)) || tlog.RecordHash(e) != leaves[i] {
			return fmt.Errorf("entry %d is %q", first+i, e)
		}
	}
	if len(data) > 0 {
		return fmt.Errorf("the bundle at %d goes on", first)
	}
	return nil
}
