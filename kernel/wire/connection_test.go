package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel/wire"
)

const file = `{"transport":"tcp","ip":"127.0.0.1","shell_port":5001,"control_port":5002,"stdin_port":5003,
	"iopub_port":5004,"hb_port":5005,"key":"abc","signature_scheme":"hmac-sha256","kernel_name":"gocrate"}`

func TestParseConnection(t *testing.T) {
	got, err := wire.ParseConnection([]byte(file))
	want := wire.Connection{
		Transport: "tcp", IP: "127.0.0.1", ShellPort: 5001, ControlPort: 5002, StdinPort: 5003,
		IOPubPort: 5004, HeartbeatPort: 5005, Key: "abc", SignatureScheme: "hmac-sha256", KernelName: "gocrate",
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestParseConnectionRefuses(t *testing.T) {
	tests := []struct{ old, new, mention string }{
		{`{`, `[`, "connection file"},
		{`"tcp"`, `"pgm"`, `transport is "pgm", want "tcp" or "ipc"`},
		{`"127.0.0.1"`, `""`, "ip is missing"},
		{`5003`, `0`, "the stdin port is 0, want 1 to 65535"},
		{`5003`, `70000`, "the stdin port is 70000, want 1 to 65535"},
		{`5003`, `5001`, "the shell port and the stdin port are both 5001"},
		{`hmac-sha256`, `hmac-md5`, `signature_scheme is "hmac-md5", want "hmac-sha256"`},
		{`"key"`, `"curve_publickey":"x","key"`, "curve_publickey: it has 1 characters"},
		{`"key"`, `"curve_publickey":"` + public + `","key"`, "curve_secretkey: it has 0 characters"},
		{`"key"`, `"curve_secretkey":"` + public + `","key"`, "curve_publickey: it has 0 characters"},
		{`"key"`, `"curve_publickey":"` + public + `","curve_secretkey":"~` + public[1:] + `","key"`, `'~' is no digit of Z85`},
		{`"key"`, `"curve_publickey":"#####` + public[5:] + `","key"`, "more than four bytes"},
		{`"key"`, `"registration_port":"x","key"`, `registration_port is "x", want 1 to 65535`},
		{`"tcp"`, `"ipc","registration_port":5000`, "must choose ports"},
	}
	for _, test := range tests {
		_, err := wire.ParseConnection([]byte(strings.Replace(file, test.old, test.new, 1)))
		if err == nil || !strings.Contains(err.Error(), test.mention) {
			t.Errorf("%s for %s: %v, want it to mention %q", test.new, test.old, err, test.mention)
		}
	}
}

// The keys of the test case of ZeroMQ's RFC 26, in Z85 and in bytes.
const public = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

func TestKeys(t *testing.T) {
	c := wire.Connection{CurvePublicKey: public, CurveSecretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"}
	keys, encrypted, err := c.Curve()
	if err != nil || !encrypted {
		t.Fatal(encrypted, err)
	}
	if got := fmt.Sprintf("%x", keys.Public[:]); got != "bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518" {
		t.Errorf("the public key is %s", got)
	}
	if got := fmt.Sprintf("%x", keys.Secret[:]); got != "7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888" {
		t.Errorf("the secret key is %s", got)
	}
	if keys.Public.String() != c.CurvePublicKey || keys.Secret.String() != c.CurveSecretKey {
		t.Errorf("written again they are %v and %v", keys.Public, keys.Secret)
	}
	if _, encrypted, err := (wire.Connection{}).Curve(); encrypted || err != nil {
		t.Errorf("without keys: %v, %v", encrypted, err)
	}
}

func TestRegistration(t *testing.T) {
	for text, want := range map[string]wire.Registration{
		`{"ip":"127.0.0.1","registration_port":5000,"kernel_id":"k","key":"abc"}`: {IP: "127.0.0.1", Port: 5000, KernelID: "k"},
		`{"registration_ip":"::1","registration_port":"5000","key":"abc"}`:        {IP: "::1", Port: 5000},
	} {
		c, err := wire.ParseConnection([]byte(text))
		if err != nil || *c.Registration != want || c.IP != want.IP {
			t.Errorf("%s: %+v, %v", text, c, err)
		}
	}
	if _, err := wire.ParseConnection([]byte(`{"registration_port":5000}`)); err == nil || !strings.Contains(err.Error(), "registration_ip is missing") {
		t.Errorf("without an address: %v", err)
	}
}

func TestRegistrationMessage(t *testing.T) {
	r := &wire.Registration{KernelID: "k"}
	c := wire.Connection{ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5, Key: "abc"}
	frames, err := r.Message(c)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"control_port":"2","hb_port":"5","iopub_port":"4","kernel_id":"k","shell_port":"1","stdin_port":"3"}`
	if got := fmt.Sprintf("%s", frames); got != fmt.Sprintf("[<IDS|MSG> %s %s]", wire.Sign([]byte("abc"), [][]byte{[]byte(body)}), body) {
		t.Errorf("got %s", got)
	}
	answer := func(key string) [][]byte {
		ack := []byte("ACK")
		return [][]byte{[]byte("<IDS|MSG>"), wire.Sign([]byte(key), [][]byte{ack}), ack}
	}
	if err := r.Acknowledged(answer("abc"), c.Key); err != nil {
		t.Error(err)
	}
	for _, bad := range [][][]byte{answer("other"), answer("abc")[:2], nil, {[]byte("ACK")}} {
		if r.Acknowledged(bad, c.Key) == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}

func TestAddress(t *testing.T) {
	tests := []struct{ transport, ip, network, address string }{
		{"tcp", "127.0.0.1", "tcp", "127.0.0.1:7"},
		{"tcp", "0.0.0.0", "tcp", "0.0.0.0:7"},
		{"tcp", "*", "tcp", ":7"},
		{"tcp", "::1", "tcp", "[::1]:7"},
		{"ipc", "/run/kernel-1-ipc", "unix", "/run/kernel-1-ipc-7"},
	}
	for _, test := range tests {
		c := wire.Connection{Transport: test.transport, IP: test.ip}
		c.SetPort(wire.IOPub, 7)
		if network, address := c.Address(wire.IOPub); network != test.network || address != test.address {
			t.Errorf("%s %s: got %s %s, want %s %s", test.transport, test.ip, network, address, test.network, test.address)
		}
	}
}

func FuzzParseConnection(f *testing.F) {
	f.Add([]byte(file))
	f.Add([]byte(`{"ip":"::","shell_port":-1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := wire.ParseConnection(data)
		if err == nil && c.Registration == nil && (c.IP == "" || c.HeartbeatPort < 1 || c.ShellPort == c.ControlPort) {
			t.Errorf("accepted %+v", c)
		}
	})
}
