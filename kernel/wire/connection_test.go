package wire_test

import (
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
		{`"key"`, `"curve_publickey":"x","key"`, "CURVE"},
		{`"key"`, `"curve_secretkey":"x","key"`, "CURVE"},
		{`"key"`, `"registration_port":"5000","key"`, "JEP 66"},
	}
	for _, test := range tests {
		_, err := wire.ParseConnection([]byte(strings.Replace(file, test.old, test.new, 1)))
		if err == nil || !strings.Contains(err.Error(), test.mention) {
			t.Errorf("%s for %s: %v, want it to mention %q", test.new, test.old, err, test.mention)
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
		if err == nil && (c.IP == "" || c.HeartbeatPort < 1 || c.ShellPort == c.ControlPort) {
			t.Errorf("accepted %+v", c)
		}
	})
}
