package golang

import "runtime/debug"

// relaxedPercent is GOGC for a cell that computes: interpreted code makes
// garbage at every call, and little that stays. At 100 the collector took a
// quarter of the time of loops that call functions.
const relaxedPercent = 400

// relaxCollector lets garbage grow further before it is collected, unless the
// user has asked for that already. Restore ends that, and leaves alone what the
// cell itself has set.
func relaxCollector() (restore func()) {
	before := debug.SetGCPercent(relaxedPercent)
	if before < 0 || before > relaxedPercent {
		debug.SetGCPercent(before)
		return func() {}
	}
	return func() {
		if now := debug.SetGCPercent(before); now != relaxedPercent {
			debug.SetGCPercent(now)
		}
	}
}
