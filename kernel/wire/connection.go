package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Connection is a connection file: where a front end expects its kernel to
// listen, and the key that signs their messages.
type Connection struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // for ipc, the start of the socket files' paths
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HeartbeatPort   int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// ParseConnection reads a connection file. It refuses what it cannot serve as
// asked: CURVE keys above all, since serving those sockets in plain text would
// betray whoever asked for encryption.
func ParseConnection(data []byte) (Connection, error) {
	var c struct {
		Connection
		CurvePublicKey   string          `json:"curve_publickey"`
		CurveSecretKey   string          `json:"curve_secretkey"`
		RegistrationPort json.RawMessage `json:"registration_port"`
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return Connection{}, fmt.Errorf("connection file: %w", err)
	}
	if c.CurvePublicKey != "" || c.CurveSecretKey != "" {
		return Connection{}, errors.New("connection file: it has curve_publickey or curve_secretkey, but this kernel has no CURVE encryption; set transport_encryption to \"disabled\" for it")
	}
	if c.RegistrationPort != nil {
		return Connection{}, errors.New("connection file: it has registration_port, but this kernel does not do the handshake of JEP 66; give it a file with the five ports")
	}
	if err := c.Connection.normalize(); err != nil {
		return Connection{}, fmt.Errorf("connection file: %w", err)
	}
	return c.Connection, nil
}

func (c *Connection) normalize() error {
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport is %q, want \"tcp\" or \"ipc\"", c.Transport)
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = "hmac-sha256"
	}
	if c.SignatureScheme != "hmac-sha256" {
		return fmt.Errorf("signature_scheme is %q, want \"hmac-sha256\"", c.SignatureScheme)
	}
	if c.IP == "" {
		return errors.New("ip is missing")
	}
	return c.checkPorts()
}

func (c *Connection) checkPorts() error {
	owner := make(map[int]Channel)
	for _, ch := range Channels {
		port := c.Port(ch)
		if port < 1 || port > 65535 {
			return fmt.Errorf("the %s port is %d, want 1 to 65535", ch, port)
		}
		if other, taken := owner[port]; taken {
			return fmt.Errorf("the %s port and the %s port are both %d, want five different ports", other, ch, port)
		}
		owner[port] = ch
	}
	return nil
}

// Port returns the port of a channel.
func (c Connection) Port(ch Channel) int { return *c.port(ch) }

// SetPort changes the port of a channel, for a listener that chose its own.
func (c *Connection) SetPort(ch Channel, port int) { *c.port(ch) = port }

func (c *Connection) port(ch Channel) *int {
	switch ch {
	case Shell:
		return &c.ShellPort
	case Control:
		return &c.ControlPort
	case Stdin:
		return &c.StdinPort
	case IOPub:
		return &c.IOPubPort
	}
	return &c.HeartbeatPort
}

// Address returns what [net.Listen] and [net.Dial] take for a channel. Over
// ipc every channel has its own socket file, named IP-port.
func (c Connection) Address(ch Channel) (network, address string) {
	port := strconv.Itoa(c.Port(ch))
	switch {
	case c.Transport == "ipc":
		return "unix", c.IP + "-" + port
	case c.IP == "*":
		return "tcp", net.JoinHostPort("", port)
	}
	return "tcp", net.JoinHostPort(c.IP, port)
}
