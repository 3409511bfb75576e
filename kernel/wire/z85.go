package wire

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Key is a CURVE key, public or secret.
type Key [32]byte

// CurveKeys are a pair of CURVE keys.
type CurveKeys struct{ Public, Secret Key }

// z85Digits are the digits of Z85 (ZeroMQ's RFC 32), in which files and
// environments write CURVE keys: five of them for four bytes.
const z85Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

// parseKey reads a key as 40 digits of Z85.
func parseKey(text string) (Key, error) {
	var key Key
	if len(text) != 40 {
		return Key{}, fmt.Errorf("it has %d characters, want the 40 of a key in Z85", len(text))
	}
	for i := 0; i < len(text); i += 5 {
		var value uint64
		for _, digit := range []byte(text[i : i+5]) {
			d := strings.IndexByte(z85Digits, digit)
			if d < 0 {
				return Key{}, fmt.Errorf("%q is no digit of Z85", digit)
			}
			value = value*85 + uint64(d)
		}
		if value > 1<<32-1 {
			return Key{}, fmt.Errorf("%q stands for more than four bytes in Z85", text[i:i+5])
		}
		binary.BigEndian.PutUint32(key[i/5*4:], uint32(value))
	}
	return key, nil
}

// String writes the key in Z85.
func (k Key) String() string {
	var text strings.Builder
	for i := 0; i < len(k); i += 4 {
		value := binary.BigEndian.Uint32(k[i:])
		for _, unit := range []uint32{85 * 85 * 85 * 85, 85 * 85 * 85, 85 * 85, 85, 1} {
			text.WriteByte(z85Digits[value/unit%85])
		}
	}
	return text.String()
}
