package kernel_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// subshell makes a subshell and returns its id.
func subshell(c *kerneltest.Client) string {
	var reply wire.CreateSubshellReply
	c.Ask(wire.Control, "create_subshell_request", struct{}{}).Decode(&reply)
	return reply.SubshellID
}

// sendTo sends a request to a subshell, or with "" to the main shell.
func sendTo(c *kerneltest.Client, id, msgType string, content any) wire.Message {
	msg := c.Message(msgType, content)
	msg.Header.SubshellID = id
	c.SendMessage(wire.Shell, msg)
	return msg
}

func cellTo(c *kerneltest.Client, id, code string) wire.Message {
	return sendTo(c, id, "execute_request", kerneltest.Cell(code))
}

func TestSubshellsAreMadeListedAndDeleted(t *testing.T) {
	c := start(t, script{})
	list := func() string {
		return string(c.Ask(wire.Control, "list_subshell_request", struct{}{}).Reply.Content)
	}
	listed := func(ids ...string) string {
		text, _ := json.Marshal(wire.ListSubshellReply{Status: "ok", SubshellIDs: append([]string{}, ids...)})
		return string(text)
	}
	if got := list(); got != `{"status":"ok","subshell_id":[]}` {
		t.Errorf("at first there are %s", got)
	}
	first, second := subshell(c), subshell(c)
	if got, want := list(), listed(first, second); got != want || first == second || first == "" {
		t.Errorf("two subshells are listed as %s, want %s", got, want)
	}
	remove := func(id string) string {
		r := c.Ask(wire.Control, "delete_subshell_request", wire.DeleteSubshellRequest{SubshellID: id})
		var reply wire.ErrorReply
		r.Decode(&reply)
		return reply.Status + reply.Name
	}
	if got := remove(first) + " " + remove(first) + " " + remove(""); got != "ok errorUnknownSubshell errorUnknownSubshell" {
		t.Errorf("deleting a subshell twice, and the main shell, gave %s", got)
	}
	if got, want := list(), listed(second); got != want {
		t.Errorf("then there are %s, want %s", got, want)
	}
	for _, request := range []string{"execute_request", "complete_request", "history_request"} {
		var reply wire.ErrorReply
		c.Finish(wire.Shell, sendTo(c, first, request, kerneltest.Cell("lost"))).Decode(&reply)
		if reply.Status != "error" || reply.Name != "UnknownSubshell" {
			t.Errorf("%s to a subshell that is gone: %+v", request, reply)
		}
	}
	if r := c.Watch(sendTo(c, first, "comm_msg", struct{}{})); r.Types() != "" {
		t.Errorf("comm_msg to a subshell that is gone gave %q", r.Types())
	}
}

// While the main shell's cell runs, a subshell runs others, with a count and a
// history of its own; output has the parent of its own cell.
func TestSubshellRunsBesideTheMainShell(t *testing.T) {
	running, gate := make(chan struct{}), make(chan struct{})
	c := start(t, script{
		"long": func(_ context.Context, out kernel.Output) error {
			out.Stream(kernel.Stdout, "first ")
			close(running)
			<-gate
			out.Stream(kernel.Stdout, "last")
			return nil
		},
		"short": func(_ context.Context, out kernel.Output) error {
			out.Stream(kernel.Stdout, "beside")
			return nil
		},
	})
	c.Execute("1")
	id := subshell(c)
	long := cellTo(c, "", "long")
	<-running
	for n := 1; n <= 2; n++ {
		e := c.FinishExecution(cellTo(c, id, "short"))
		if e.Status != "ok" || e.ExecutionCount != n || e.Text("stdout") != "beside" {
			t.Errorf("the subshell's cell: %s, count %d, printed %q", e.Status, e.ExecutionCount, e.Text("stdout"))
		}
	}
	close(gate)
	if e := c.FinishExecution(long); e.ExecutionCount != 2 || e.Text("stdout") != "first last" {
		t.Errorf("the main shell's cell: count %d, printed %q", e.ExecutionCount, e.Text("stdout"))
	}
	for shell, want := range map[string][][]any{
		"": {{1.0, 1.0, "1"}, {1.0, 2.0, "long"}},
		id: {{1.0, 1.0, "short"}, {1.0, 2.0, "short"}},
	} {
		var reply wire.HistoryReply
		c.Finish(wire.Shell, sendTo(c, shell, "history_request", wire.HistoryRequest{Access: "tail", N: 9})).Decode(&reply)
		if diff := cmp.Diff(want, reply.History); diff != "" {
			t.Errorf("history of shell %q (-want +got):\n%s", shell, diff)
		}
	}
}

// Each shell has its own queue: an error in one aborts what waits there, and
// nothing else.
func TestErrorAbortsTheQueueOfItsShell(t *testing.T) {
	for _, failing := range []string{"main", "sub"} {
		t.Run(failing, func(t *testing.T) {
			running, gate := make(chan struct{}, 2), make(chan struct{})
			wait := func(end error) func(context.Context, kernel.Output) error {
				return func(context.Context, kernel.Output) error {
					running <- struct{}{}
					<-gate
					return end
				}
			}
			c := start(t, script{"fails": wait(&kernel.Error{Name: "Boom"}), "works": wait(nil)})
			failed, other := "", subshell(c)
			if failing == "sub" {
				failed, other = other, failed
			}
			requests := []wire.Message{
				cellTo(c, failed, "fails"), cellTo(c, failed, "1"),
				cellTo(c, other, "works"), cellTo(c, other, "2"),
			}
			<-running
			<-running
			close(gate)
			for i, want := range []string{"error", "aborted", "ok", "ok"} {
				if e := c.FinishExecution(requests[i]); e.Status != want {
					t.Errorf("cell %d: %s, want %s", i, e.Status, want)
				}
			}
			if e := c.FinishExecution(cellTo(c, failed, "3")); e.Status != "ok" {
				t.Errorf("afterwards the shell that failed answers %s", e.Status)
			}
		})
	}
}

func TestInterruptStopsAllShells(t *testing.T) {
	running := make(chan struct{}, 2)
	c := start(t, script{"wait": until(running)})
	id := subshell(c)
	requests := []wire.Message{cellTo(c, "", "wait"), cellTo(c, id, "wait"), cellTo(c, "", "1"), cellTo(c, id, "1")}
	<-running
	<-running
	c.Ask(wire.Control, "interrupt_request", struct{}{})
	for i, want := range []string{"error", "error", "aborted", "aborted"} {
		if e := c.FinishExecution(requests[i]); e.Status != want {
			t.Errorf("cell %d: %s, want %s", i, e.Status, want)
		}
	}
}

// Deleting does not wait, and what the subshell has got is still answered.
func TestDeletedSubshellAnswersWhatItHas(t *testing.T) {
	running, gate := make(chan struct{}), make(chan struct{})
	c := start(t, script{"long": func(context.Context, kernel.Output) error {
		close(running)
		<-gate
		return nil
	}})
	id := subshell(c)
	requests := []wire.Message{cellTo(c, id, "long"), cellTo(c, id, "1")}
	<-running
	c.Ask(wire.Control, "delete_subshell_request", wire.DeleteSubshellRequest{SubshellID: id})
	if e := c.FinishExecution(cellTo(c, "", "2")); e.Status != "ok" {
		t.Errorf("the main shell: %s", e.Status)
	}
	close(gate)
	for i, request := range requests {
		if e := c.FinishExecution(request); e.Status != "ok" {
			t.Errorf("cell %d: %s", i, e.Status)
		}
	}
}

// Two cells that ask at the same time get each its own answer, whether the
// front end names the question or only the subshell.
func TestShellsAskIndependently(t *testing.T) {
	c := start(t, script{"ask": ask})
	id := subshell(c)
	for _, names := range []string{"question", "subshell"} {
		cells := map[string]wire.Message{"": sendTo(c, "", "execute_request", asking()), id: sendTo(c, id, "execute_request", asking())}
		questions := map[string]wire.Message{}
		for shell, cell := range cells {
			questions[shell] = c.Take(wire.Stdin, cell.Header.MsgID)
		}
		for shell, answer := range map[string]string{id: "sub", "": "main"} {
			reply := c.Message("input_reply", wire.InputReply{Value: answer})
			if names == "question" {
				reply.Parent = questions[shell].AsParent()
			} else {
				reply.Header.SubshellID = shell
			}
			c.SendMessage(wire.Stdin, reply)
		}
		for shell, want := range map[string]string{"": "question: main", id: "question: sub"} {
			if e := c.FinishExecution(cells[shell]); e.Text("stdout") != want {
				t.Errorf("naming the %s: shell %q printed %q, want %q", names, shell, e.Text("stdout"), want)
			}
		}
	}
}

func TestShutdownStopsSubshells(t *testing.T) {
	running := make(chan struct{})
	k := kerneltest.StartOn(t, loopback(), script{"wait": until(running)}, kernel.Options{})
	c := kerneltest.Connect(t, k.Connection)
	request := cellTo(c, subshell(c), "wait")
	<-running
	c.Ask(wire.Control, "shutdown_request", wire.ShutdownRequest{})
	if e := c.FinishExecution(request); e.Status != "error" {
		t.Errorf("the subshell's cell ended with %s", e.Status)
	}
	k.Wait(t)
}
