package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// download is a file of a source on its way to the cache.
type download struct {
	File
	path     string           // where it is wanted; what has come of it is at path.part
	progress func(done int64) // bytes of this file
}

// client gives up on a server that does not begin to answer. There is no limit
// for the whole, which may be large.
var client = func() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	return &http.Client{Transport: transport}
}()

// ensure makes sure that the file is there and is the right one.
func (d download) ensure(ctx context.Context) error {
	switch err := d.verify(ctx, d.path); {
	case err == nil:
		return nil
	case errors.Is(err, errWrong):
		return fmt.Errorf("%s is there but wrong: %w; delete it, or put the right one there", d.path, err)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if isOffline() {
		return ErrOffline
	}
	if len(d.URLs) == 0 {
		return errors.New("is not there, and no URL is known")
	}
	var failures []error
	for _, url := range d.URLs {
		err := d.from(ctx, url)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failures = append(failures, fmt.Errorf("%s: %w", url, err))
	}
	return errors.Join(failures...)
}

// from downloads the file from one place. What there is of it already is used, but
// if the whole is then wrong, it is downloaded from the beginning.
func (d download) from(ctx context.Context, url string) error {
	resumed, err := d.receive(ctx, url)
	if err != nil {
		return err
	}
	part := d.path + ".part"
	err = d.verify(ctx, part)
	if errors.Is(err, errWrong) {
		if e := os.Remove(part); e != nil {
			return e
		}
		if resumed {
			return d.from(ctx, url)
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(part, d.path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(d.path))
}

// receive appends what is missing to the .part file. resumed tells whether
// there was something in it that was kept.
func (d download) receive(ctx context.Context, url string) (resumed bool, err error) {
	part, err := os.OpenFile(d.path+".part", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	have, err := part.Seek(0, io.SeekEnd)
	if err != nil || have == d.Size {
		return have == d.Size, err
	}
	body, at, err := d.request(ctx, url, have)
	if err != nil {
		return false, err
	}
	defer body.Close()
	if err := part.Truncate(at); err != nil {
		return false, err
	}
	if _, err := part.Seek(at, io.SeekStart); err != nil {
		return false, err
	}
	if err := d.copy(part, body, at); err != nil {
		return at > 0, err
	}
	return at > 0, part.Sync()
}

// request asks for the file from byte have on. Servers that cannot do that send
// it from the beginning: at says where the body begins.
func (d download) request(ctx context.Context, url string, have int64) (body io.ReadCloser, at int64, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Accept-Encoding", "identity") // or the file would arrive unpacked
	if have > 0 && have < d.Size {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	switch {
	case response.StatusCode == http.StatusOK:
		return response.Body, 0, nil
	case response.StatusCode == http.StatusPartialContent && strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)):
		return response.Body, have, nil
	}
	response.Body.Close()
	return nil, 0, fmt.Errorf("the server answers %q", response.Status)
}

// copy writes the body from byte at on, as much as the file should hold and no
// more.
func (d download) copy(part io.Writer, body io.Reader, at int64) error {
	for at < d.Size {
		n, err := io.CopyN(part, body, min(1<<18, d.Size-at))
		at += n
		d.progress(at)
		if err == io.EOF {
			return fmt.Errorf("the connection ended after %d of %d bytes; call Fetch again to go on", at, d.Size)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errWrong is in the error of a file that is not the one it should be.
var errWrong = errors.New("not the file that was expected")

// verify reports whether a file has the size and the checksum that it should.
func (d download) verify(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != d.Size {
		return fmt.Errorf("%d bytes instead of %d: %w", info.Size(), d.Size, errWrong)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, reader{ctx, f}); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != d.SHA256 {
		return fmt.Errorf("SHA-256 %s instead of %s: %w", got, d.SHA256, errWrong)
	}
	return nil
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// syncDirectory makes a renaming survive a loss of power, where directories can
// be synced.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	d.Sync()
	return nil
}
