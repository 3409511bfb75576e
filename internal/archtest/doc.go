// Package archtest has only tests: the rules on which the architecture rests,
// each as one test that names what breaks it. docs/ARCHITECTURE.md says why
// they are as they are.
package archtest
