package kernel

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel/wire"
)

// answerLimit bounds the questions that front ends ask while somebody types.
const answerLimit = 10 * time.Second

func (k *Kernel) kernelInfo(context.Context, *request) (any, error) {
	info := k.lang.Info()
	links := info.HelpLinks
	if links == nil {
		links = []HelpLink{}
	}
	return wire.KernelInfoReply{
		Status:                "ok",
		ProtocolVersion:       wire.ProtocolVersion,
		Implementation:        k.opts.Implementation,
		ImplementationVersion: k.opts.ImplementationVersion,
		LanguageInfo: wire.LanguageInfo{
			Name:              info.Name,
			Version:           info.Version,
			MIMEType:          info.MIMEType,
			FileExtension:     info.FileExtension,
			PygmentsLexer:     info.PygmentsLexer,
			CodeMirrorMode:    info.CodeMirrorMode,
			NBConvertExporter: "script",
		},
		Banner:            info.Banner,
		HelpLinks:         links,
		SupportedFeatures: []string{"kernel subshells"},
	}, nil
}

func (k *Kernel) connectInfo(context.Context, *request) (any, error) {
	return wire.ConnectReply{
		Status:        "ok",
		ShellPort:     k.conn.ShellPort,
		IOPubPort:     k.conn.IOPubPort,
		StdinPort:     k.conn.StdinPort,
		HeartbeatPort: k.conn.HeartbeatPort,
		ControlPort:   k.conn.ControlPort,
	}, nil
}

func (k *Kernel) complete(ctx context.Context, req *request) (any, error) {
	var question wire.CompleteRequest
	if err := req.read(&question); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	cursor := clamp(question.CursorPos, question.Code)
	found, err := k.lang.Complete(ctx, question.Code, cursor)
	if err != nil {
		return nil, err
	}
	return completeReply(found), nil
}

func completeReply(found Completion) wire.CompleteReply {
	reply := wire.CompleteReply{
		Status:      "ok",
		Matches:     make([]string, len(found.Matches)),
		CursorStart: found.Start,
		CursorEnd:   found.End,
		Metadata:    wire.CompleteMetadata{Types: make([]wire.TypedMatch, len(found.Matches))},
	}
	for i, match := range found.Matches {
		reply.Matches[i] = match.Text
		reply.Metadata.Types[i] = wire.TypedMatch{
			Start:     found.Start,
			End:       found.End,
			Text:      match.Text,
			Type:      match.Kind,
			Signature: match.Signature,
		}
	}
	return reply
}

// clamp returns a cursor that lies in code; a missing one is its end.
func clamp(cursor *int, code string) int {
	end := utf8.RuneCountInString(code)
	if cursor == nil {
		return end
	}
	return min(max(*cursor, 0), end)
}

func (k *Kernel) inspect(ctx context.Context, req *request) (any, error) {
	var question wire.InspectRequest
	if err := req.read(&question); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	cursor := clamp(question.CursorPos, question.Code)
	found, err := k.lang.Inspect(ctx, question.Code, cursor, question.DetailLevel)
	if err != nil {
		return nil, err
	}
	reply := wire.InspectReply{Status: "ok", Data: map[string]any{}, Metadata: map[string]any{}}
	if found.Found && found.Data != nil {
		reply.Found, reply.Data = true, found.Data
	}
	return reply, nil
}

func (k *Kernel) isComplete(ctx context.Context, req *request) (any, error) {
	var question wire.IsCompleteRequest
	if err := req.read(&question); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	found, err := k.lang.IsComplete(ctx, question.Code)
	if err != nil {
		return wire.IsCompleteReply{Status: "unknown"}, nil
	}
	reply := wire.IsCompleteReply{Status: found.Status}
	if found.Status == "incomplete" {
		reply.Indent = &found.Indent
	}
	return reply, nil
}
