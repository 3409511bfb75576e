package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Registration is what a registration file has in place of ports (JEP 66): the
// address of the socket to which the kernel tells the ports that it has chosen.
type Registration struct {
	IP       string
	Port     int
	KernelID string
}

// parseRegistration returns nil for a file that is no registration file.
func parseRegistration(data []byte) (*Registration, error) {
	var file struct {
		IP       string          `json:"registration_ip"`
		Port     json.RawMessage `json:"registration_port"` // some launchers write a string
		KernelID string          `json:"kernel_id"`
	}
	if err := json.Unmarshal(data, &file); err != nil || file.Port == nil {
		return nil, err
	}
	text := strings.Trim(string(file.Port), `"`)
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return nil, fmt.Errorf("registration_port is %s, want 1 to 65535", file.Port)
	}
	return &Registration{IP: file.IP, Port: port, KernelID: file.KernelID}, nil
}

// complete makes sure that r and c have an address each; those who leave one
// out mean the same for both.
func (r *Registration) complete(c *Connection) error {
	switch {
	case c.Transport != "tcp":
		return fmt.Errorf("transport is %q, but a kernel that is to register must choose ports; want \"tcp\"", c.Transport)
	case r.IP == "" && c.IP == "":
		return errors.New("registration_ip is missing")
	case r.IP == "":
		r.IP = c.IP
	case c.IP == "":
		c.IP = r.IP
	}
	return nil
}

// Address returns what [net.Dial] takes for the registration socket.
func (r *Registration) Address() (network, address string) {
	return "tcp", net.JoinHostPort(r.IP, strconv.Itoa(r.Port))
}

// Message returns the frames that register a kernel which listens on c: the
// delimiter, a signature, and one JSON object, without a header.
func (r *Registration) Message(c Connection) ([][]byte, error) {
	told := map[string]string{"kernel_id": r.KernelID}
	for name, ch := range map[string]Channel{
		"shell_port": Shell, "control_port": Control, "stdin_port": Stdin, "iopub_port": IOPub, "hb_port": Heartbeat,
	} {
		told[name] = strconv.Itoa(c.Port(ch))
	}
	body, err := Marshal(told)
	if err != nil {
		return nil, err
	}
	return [][]byte{delimiter, Sign([]byte(c.Key), [][]byte{body}), body}, nil
}

// Acknowledged reports why frames do not acknowledge a registration.
func (r *Registration) Acknowledged(frames [][]byte, key string) error {
	at := indexFrame(frames, delimiter)
	if at < 0 || len(frames) < at+3 {
		return fmt.Errorf("%w: %d frames in answer to the registration", ErrFrames, len(frames))
	}
	if !Verify([]byte(key), frames[at+1], frames[at+2:at+3]) {
		return fmt.Errorf("%w in answer to the registration", ErrSignature)
	}
	return nil
}
