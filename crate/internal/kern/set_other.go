//go:build !amd64 || noasm

package kern

// assembly returns no sets: this build has none.
func assembly() []*set { return nil }
