// Package wire turns the frames of the Jupyter messaging protocol, version
// 5.5, into Go values and back. It is pure: nothing here opens a file or a
// socket, so that every rule of the format can be tested and fuzzed by itself.
//
// A message on the wire is a list of frames:
//
//	identity…          who to answer (requests), or a topic (iopub)
//	<IDS|MSG>          the delimiter
//	signature          HMAC-SHA256 of the next four frames, in hexadecimal
//	header             JSON object: msg_id, session, username, date, msg_type, version
//	parent_header      the header of the request that caused this message, or {}
//	metadata           JSON object
//	content            JSON object; one Go type per msg_type in this package
//	buffer…            raw bytes, not signed
//
// # What is read from whom
//
// [Decode] checks the signature before it looks at any JSON, so whoever does
// not hold the key reaches nothing but a length check and an HMAC. A [Session]
// adds the kernel's identity, numbers its messages and refuses replays.
//
// # What is written
//
// [Marshal] writes JSON that every reader accepts: no NaN and no infinity, no
// invalid UTF-8, and "<" left as it is. A message's parent_header is the bytes
// of the request's header, so that fields unknown to this package survive.
package wire

// ProtocolVersion is the version of the messaging protocol spoken here.
const ProtocolVersion = "5.6"
