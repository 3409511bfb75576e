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

	// The kernel's CURVE keys in Z85, both or none. With them all five sockets
	// are encrypted, and serve nobody in plain text.
	CurvePublicKey string `json:"curve_publickey,omitempty"`
	CurveSecretKey string `json:"curve_secretkey,omitempty"`

	// Registration is set where the kernel is to choose its ports and to tell
	// them: the file is then a registration file.
	Registration *Registration `json:"-"`
}

// ParseConnection reads a connection file or a registration file. It refuses
// what it cannot serve as asked: half a pair of CURVE keys above all, since
// serving its sockets in plain text would betray whoever asked for encryption.
func ParseConnection(data []byte) (Connection, error) {
	var c Connection
	err := json.Unmarshal(data, &c)
	if err == nil {
		c.Registration, err = parseRegistration(data)
	}
	if err == nil {
		err = c.normalize()
	}
	if err == nil && c.Registration == nil {
		err = c.checkPorts()
	}
	if err != nil {
		return Connection{}, fmt.Errorf("connection file: %w", err)
	}
	return c, nil
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
	if c.Registration != nil {
		if err := c.Registration.complete(c); err != nil {
			return err
		}
	}
	if c.IP == "" {
		return errors.New("ip is missing")
	}
	_, _, err := c.Curve()
	return err
}

// Curve returns the kernel's CURVE keys; encrypted is false where there are
// none.
func (c Connection) Curve() (keys CurveKeys, encrypted bool, err error) {
	if c.CurvePublicKey == "" && c.CurveSecretKey == "" {
		return CurveKeys{}, false, nil
	}
	if keys.Public, err = parseKey(c.CurvePublicKey); err != nil {
		return CurveKeys{}, false, fmt.Errorf("curve_publickey: %w", err)
	}
	if keys.Secret, err = parseKey(c.CurveSecretKey); err != nil {
		return CurveKeys{}, false, fmt.Errorf("curve_secretkey: %w", err)
	}
	return keys, true, nil
}

func (c Connection) checkPorts() error {
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
