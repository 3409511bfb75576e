package datasets

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// served is what the server of these tests gives out.
var served = bytes.Repeat([]byte("the bytes of a data set; "), 40000) // 1 MB

// sourceAt is a source of one file at the given places.
func sourceAt(urls ...string) Source {
	sum := sha256.Sum256(served)
	return Source{Name: "set", Title: "A set", Page: "https://example.org", Licence: "CC0",
		Files: []File{{Name: "file.bin", URLs: urls, Size: int64(len(served)), SHA256: hex.EncodeToString(sum[:])}}}
}

// server serves by a handler and notes the Range of each request.
func server(t *testing.T, handle http.HandlerFunc) (url string, ranges *[]string) {
	ranges = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*ranges = append(*ranges, r.Header.Get("Range"))
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/file.bin", ranges
}

func serveFile(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(served))
}

// cache is an empty cache for a test, and the place of the file in it.
func cache(t *testing.T) (file string) {
	dir := t.TempDir()
	t.Setenv(cacheVariable, dir)
	t.Setenv(offlineVariable, "")
	return filepath.Join(dir, "set", "file.bin")
}

func put(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// checkFetched fetches and checks that the file is there, whole, and nothing else.
func checkFetched(t *testing.T, s Source, file string) {
	t.Helper()
	dir, err := Fetch(context.Background(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, served) {
		t.Errorf("%d bytes in the file, want %d; %v", len(got), len(served), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || dir != filepath.Dir(file) {
		t.Errorf("%s holds %v, %v", dir, entries, err)
	}
}

// checkFails fetches and checks that the error contains the texts and that no
// file appears.
func checkFails(t *testing.T, s Source, file string, want ...string) error {
	t.Helper()
	_, err := Fetch(context.Background(), s, nil)
	if err == nil {
		t.Fatal("Fetch succeeds")
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %v; want %q in it", err, text)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	return err
}

func TestFetch(t *testing.T) {
	file := cache(t)
	url, ranges := server(t, serveFile)
	var done []int64
	if _, err := Fetch(context.Background(), sourceAt(url), func(d, total int64) {
		if done = append(done, d); total != int64(len(served)) {
			t.Errorf("total %d", total)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(done) || done[len(done)-1] != int64(len(served)) || len(done) < 4 {
		t.Errorf("progress %v", done)
	}
	checkFetched(t, sourceAt(url), file)
	if len(*ranges) != 1 {
		t.Errorf("%d requests; what is there should not be asked for again", len(*ranges))
	}
}

func TestFetchGoesOn(t *testing.T) {
	for _, tt := range []struct {
		what   string
		part   []byte
		handle http.HandlerFunc
		ranges []string
	}{
		{"with the rest", served[:300000], serveFile, []string{"bytes=300000-"}},
		{"with nothing missing", served, serveFile, nil},
		{"from the beginning, if the server has no Range", served[:300000], func(w http.ResponseWriter, r *http.Request) { w.Write(served) }, []string{"bytes=300000-"}},
		{"from the beginning, if the server begins elsewhere", served[:300000], func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.Header().Set("Content-Range", "bytes 17-999999/1000000")
				w.WriteHeader(http.StatusPartialContent)
				w.Write(served[17:])
				return
			}
			w.Write(served)
		}, nil},
		{"from the beginning, if the part is too long", append(slices.Clone(served), 1), serveFile, []string{""}},
		{"from the beginning, if the part is of something else", bytes.Repeat([]byte("x"), 300000), serveFile, []string{"bytes=300000-", ""}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			file := cache(t)
			put(t, file+".part", tt.part)
			url, ranges := server(t, tt.handle)
			if strings.Contains(tt.what, "elsewhere") {
				checkFails(t, sourceAt(url), file, "206 Partial Content")
				return
			}
			checkFetched(t, sourceAt(url), file)
			if !slices.Equal(*ranges, tt.ranges) {
				t.Errorf("requests for %q, want %q", *ranges, tt.ranges)
			}
		})
	}
}

// A connection that breaks leaves a part; the next call, or the next mirror, goes
// on from there.
func TestFetchBrokenConnection(t *testing.T) {
	file := cache(t)
	breaking, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000000")
		w.Write(served[:400000])
		panic(http.ErrAbortHandler)
	})
	checkFails(t, sourceAt(breaking), file, breaking, "unexpected EOF")
	part, err := os.Stat(file + ".part")
	if err != nil || part.Size() == 0 || part.Size() > 400000 {
		t.Fatalf("part %v, %v", part, err)
	}
	ending, _ := server(t, func(w http.ResponseWriter, r *http.Request) { w.Write(served[:500000]) })
	checkFails(t, sourceAt(ending), file, "after 500000 of 1000000 bytes")
	whole, ranges := server(t, serveFile)
	checkFetched(t, sourceAt(breaking, whole), file)
	if len(*ranges) != 1 || (*ranges)[0] == "" {
		t.Errorf("requests for %q, want one for the rest", *ranges)
	}
}

func TestFetchWrongContent(t *testing.T) {
	file := cache(t)
	wrong, _ := server(t, func(w http.ResponseWriter, r *http.Request) { w.Write(bytes.ToUpper(served)) })
	err := checkFails(t, sourceAt(wrong), file, wrong, "SHA-256", "instead of "+sourceAt().Files[0].SHA256)
	if !errors.Is(err, errWrong) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(file + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Error("the wrong content is kept")
	}
	// Endless content is cut off at the size of the file.
	endless, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(bytes.ToUpper(served)); err != nil {
				return
			}
		}
	})
	checkFails(t, sourceAt(endless), file, "SHA-256")
	right, _ := server(t, serveFile)
	checkFetched(t, sourceAt(wrong, right), file)
}

func TestFetchAnswers(t *testing.T) {
	file := cache(t)
	missing, _ := server(t, http.NotFound)
	err := checkFails(t, sourceAt(missing), file, missing+": ", "404 Not Found", "file.bin of set (A set)", "Without a network: bring it from "+missing, "1 MB", file)
	if errors.Is(err, ErrOffline) {
		t.Error("this is not being offline")
	}
	nobody := httptest.NewServer(nil)
	nobody.Close()
	checkFails(t, sourceAt(nobody.URL), file, "refused")
	checkFails(t, sourceAt(), file, "no URL is known")
	loop := ""
	loop, _ = server(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, loop, http.StatusFound) })
	checkFails(t, sourceAt(loop), file, "stopped after 10 redirects")
	moved, _ := server(t, serveFile)
	redirect, _ := server(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, moved, http.StatusFound) })
	checkFetched(t, sourceAt(missing, redirect), file)
}

func TestFetchOffline(t *testing.T) {
	file := cache(t)
	url, ranges := server(t, serveFile)
	t.Setenv(offlineVariable, "1")
	err := checkFails(t, sourceAt(url), file, "GOCRATE_OFFLINE is set", url, sourceAt().Files[0].SHA256, "put it at "+file)
	if !errors.Is(err, ErrOffline) || len(*ranges) != 0 {
		t.Errorf("%v after %d requests", err, len(*ranges))
	}
	put(t, file, served)
	checkFetched(t, sourceAt(url), file)
	t.Setenv(offlineVariable, "0")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	checkFetched(t, sourceAt(url), file)
}

// A file of the cache that is wrong is neither used nor replaced unasked.
func TestFetchNeverUsesAWrongFile(t *testing.T) {
	file := cache(t)
	url, ranges := server(t, serveFile)
	for _, data := range [][]byte{served[:7], bytes.ToUpper(served)} {
		put(t, file, data)
		_, err := Fetch(context.Background(), sourceAt(url), nil)
		if !errors.Is(err, errWrong) || !strings.Contains(err.Error(), file+" is there but wrong") {
			t.Errorf("error %v", err)
		}
		if got, _ := os.ReadFile(file); !bytes.Equal(got, data) || len(*ranges) != 0 {
			t.Error("the file was changed")
		}
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	file := cache(t)
	ctx, cancel := context.WithCancel(context.Background())
	url, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(served[:500000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	_, err := Fetch(ctx, sourceAt(url, url), func(done, total int64) {
		if done > 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "call Fetch again") {
		t.Errorf("error %v", err)
	}
	whole, ranges := server(t, serveFile)
	checkFetched(t, sourceAt(whole), file)
	if len(*ranges) != 1 || (*ranges)[0] == "" {
		t.Errorf("requests for %q, want one for the rest", *ranges)
	}
	if _, err := Fetch(ctx, sourceAt(url), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

// Without a variable of our own, the cache is where the system keeps such things.
func TestCacheDirectory(t *testing.T) {
	t.Setenv(cacheVariable, "")
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if dir, err := cacheDirectory(); err != nil || dir != filepath.Join(user, "gocrate") {
		t.Errorf("%s, %v", dir, err)
	}
}

// A source of any origin cannot write outside its directory, nor unchecked.
func TestFetchRefusesSources(t *testing.T) {
	cache(t)
	for _, change := range []func(*Source){
		func(s *Source) { s.Name = "../up" },
		func(s *Source) { s.Name = "" },
		func(s *Source) { s.Name = ".." },
		func(s *Source) { s.Files[0].Name = "a/b" },
		func(s *Source) { s.Files[0].Name = ".hidden" },
		func(s *Source) { s.Files[0].SHA256 = "" },
		func(s *Source) { s.Files[0].SHA256 = strings.Repeat("g", 64) },
		func(s *Source) { s.Files[0].Size = 0 },
	} {
		s := sourceAt("http://127.0.0.1:1")
		change(&s)
		if _, err := Fetch(context.Background(), s, nil); err == nil || !strings.Contains(err.Error(), "datasets: Source") {
			t.Errorf("%+v: error %v", s, err)
		}
	}
}

// The sources that the package knows are ones that Fetch takes, and say what they
// are.
func TestSources(t *testing.T) {
	for _, s := range []Source{MNIST, FashionMNIST, CIFAR10, CIFAR100, STL10, Imagenette} {
		if err := s.check(); err != nil {
			t.Error(err)
		}
		text := s.String()
		for _, want := range []string{s.Title, s.Page, s.Licence, s.Files[0].URLs[0], s.Files[0].SHA256, megabytes(s.Size())} {
			if want == "" || !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", text, want)
			}
		}
		for _, f := range s.Files {
			if len(f.URLs) == 0 || !strings.HasSuffix(f.URLs[0], "/"+f.Name) {
				t.Errorf("%s: %v", f.Name, f.URLs)
			}
		}
	}
}
