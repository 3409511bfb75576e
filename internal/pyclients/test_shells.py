"""Subshells, input, late output and comms, as Jupyter's own client sees them."""

import queue
import time

from session import Cell, KernelTest


class ShellTest(KernelTest):
    """A test case that follows several requests at a time."""

    def setUp(self):
        self.replies, self.published = {}, {}

    def control(self, kind, content=None):
        message = self.client.session.msg(kind, content)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=30)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                self.assertEqual(reply["content"]["status"], "ok", reply["content"])
                return reply["content"]

    def subshell(self):
        return self.control("create_subshell_request")["subshell_id"]

    def send(self, code, subshell=None, **settings):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True, **settings}
        message = self.client.session.msg("execute_request", content)
        message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def collect(self, done, timeout=30):
        """Sorts what arrives by its request, until done() is true."""
        end = time.monotonic() + timeout
        while not done():
            self.assertLess(time.monotonic(), end, f"{self.replies} {self.published}")
            for get, keep in ((self.client.get_iopub_msg, self.publish), (self.client.get_shell_msg, self.reply)):
                try:
                    keep(get(timeout=0.01))
                except queue.Empty:
                    pass

    def publish(self, message):
        self.published.setdefault(message["parent_header"].get("msg_id"), []).append(message)

    def reply(self, message):
        self.replies[message["parent_header"]["msg_id"]] = message

    def has_ended(self, request):
        states = [m["content"]["execution_state"] for m in self.published.get(request, []) if m["msg_type"] == "status"]
        return request in self.replies and states[-1:] == ["idle"]

    def ended(self, request):
        self.collect(lambda: self.has_ended(request))
        return Cell(self.replies[request], self.published[request])

    def printed(self, request):
        return "".join(m["content"]["text"] for m in self.published.get(request, []) if m["msg_type"] == "stream")

    def begun(self, request, text="begun"):
        self.collect(lambda: text in self.printed(request))


class Subshells(ShellTest):
    def test_life(self):
        self.client.kernel_info()
        info = self.client.get_shell_msg(timeout=30)["content"]
        self.assertIn("kernel subshells", info["supported_features"])
        before = self.control("list_subshell_request")["subshell_id"]
        one = self.subshell()
        self.assertEqual(self.control("list_subshell_request")["subshell_id"], before + [one])
        self.control("delete_subshell_request", {"subshell_id": one})
        self.assertEqual(self.control("list_subshell_request")["subshell_id"], before)

    def test_a_busy_cell_is_watched_from_a_subshell(self):
        side = self.subshell()
        self.assert_ok(self.ended(self.send('import "sync/atomic"\nvar step atomic.Int64\nvar enough atomic.Bool')))
        long = self.send('fmt.Println("begun")\nfor !enough.Load() {\n\tstep.Add(1)\n}\nfmt.Fprintln(os.Stdout, "done")')
        self.begun(long)
        seen = []
        for n in range(1, 6):
            request = self.send('fmt.Println("step")\nfmt.Fprintln(os.Stdout, "direct")\nfmt.Fprintln(os.Stderr, "err")\n'
                                'time.Sleep(5 * time.Millisecond)\nstep.Load()', side)
            cell = self.assert_ok(self.ended(request))
            self.assertEqual((cell.stream(), cell.stream("stderr")), ("step\ndirect\n", "err\n"))
            self.assertEqual(cell.reply["execution_count"], n)
            self.assertEqual({m["parent_header"].get("subshell_id") for m in self.published[request]}, {side})
            seen.append(int(cell.text))
        self.assertEqual(seen, sorted(set(seen)), "the busy cell stands still")
        self.assertNotIn(long, self.replies)
        self.ended(self.send("enough.Store(true)", side))
        cell = self.assert_ok(self.ended(long))
        self.assertEqual(cell.stream(), "begun\ndone\n")
        self.control("delete_subshell_request", {"subshell_id": side})

    def test_two_subshells_meet(self):
        one, other = self.subshell(), self.subshell()
        self.assert_ok(self.ended(self.send("meeting := make(chan string)")))
        receives, sends = self.send("<-meeting", one), self.send('meeting <- "hello"', other)
        self.assertEqual(self.assert_ok(self.ended(receives)).text, "hello")
        self.assert_ok(self.ended(sends))

    def test_an_error_aborts_its_own_queue(self):
        side = self.subshell()
        for failing, other in ((None, side), (side, None)):
            requests = [self.send('fmt.Println("begun")\ntime.Sleep(300 * time.Millisecond)\npanic("p")', failing),
                        self.send("1", failing), self.send("2", failing),
                        self.send('fmt.Println("begun")\ntime.Sleep(400 * time.Millisecond)', other), self.send("3", other)]
            self.assertEqual([self.ended(r).status for r in requests], ["error", "aborted", "aborted", "ok", "ok"])
            self.assert_ok(self.ended(self.send("4", failing)))

    def test_an_interrupt_stops_all(self):
        side = self.subshell()
        self.ended(self.send("kept := 42"))
        requests = [self.send('fmt.Println("begun")\nfor {\n}', shell) for shell in (None, side)]
        for request in requests:
            self.begun(request)
        begin = time.monotonic()
        self.manager.interrupt_kernel()
        self.assertEqual([self.ended(r).status for r in requests], ["error", "error"])
        self.assertLess(time.monotonic() - begin, 1)
        self.assertEqual(self.ended(self.send("kept", side)).text, "42")

    def test_a_subshell_that_is_not_there(self):
        self.assertEqual(self.ended(self.send("1", "nowhere")).reply["ename"], "UnknownSubshell")


class Control(ShellTest):
    def test_it_answers_while_a_cell_is_busy(self):
        request = self.send('fmt.Println("begun")\nfor {\n}')
        self.begun(request)
        for _ in range(20):
            self.assertEqual(self.control("kernel_info_request")["implementation"], "gocrate")
        self.assertNotIn(request, self.replies)
        self.control("interrupt_request")
        self.assertEqual(self.ended(request).status, "error")


class Input(ShellTest):
    def ask(self, code, *answers):
        """Runs a cell and answers its questions. Returns the cell and the questions."""
        request = self.send(code, allow_stdin=True)
        questions = []
        for answer in answers:
            message = self.client.get_stdin_msg(timeout=30)
            self.assertEqual(message["parent_header"]["msg_id"], request)
            questions.append(message["content"])
            self.client.input(answer)
        return self.ended(request), questions

    def test_scan(self):
        cell, _ = self.ask("var a, b int\nn, err := fmt.Scan(&a, &b)\nfmt.Println(a*b, n, err)", "6", "7")
        self.assertEqual(self.assert_ok(cell).stream(), "42 2 <nil>\n")

    def test_reader(self):
        cell, _ = self.ask('import "bufio"\nline, err := bufio.NewReader(os.Stdin).ReadString(\'\\n\')\nfmt.Printf("%q %v", line, err)', "two words")
        self.assertEqual(self.assert_ok(cell).stream(), '"two words\\n" <nil>')

    def test_scanner_until_the_end(self):
        cell, _ = self.ask('import "bufio"\nlines := 0\nfor s := bufio.NewScanner(os.Stdin); s.Scan(); {\n\tlines++\n}\nlines', "a", "b", "\x04")
        self.assertEqual(self.assert_ok(cell).text, "2")

    def test_password(self):
        cell, questions = self.ask('w, err := display.Password("word? ")\nfmt.Println(len(w), err)', "secret")
        self.assertEqual(self.assert_ok(cell).stream(), "6 <nil>\n")
        self.assertEqual(questions, [{"prompt": "word? ", "password": True}])

    def test_not_allowed(self):
        cell = self.ended(self.send("var a int\n_, err := fmt.Scan(&a)\nerr.Error()"))
        self.assertIn("allow_stdin", self.assert_ok(cell).text)

    def test_interrupt(self):
        for code in ("var a int\nfmt.Scan(&a)", "os.Stdin.Read(make([]byte, 1))", 'display.Input("? ")'):
            request = self.send(code, allow_stdin=True)
            self.client.get_stdin_msg(timeout=30)
            self.manager.interrupt_kernel()
            self.assertEqual(self.ended(request).status, "error", code)
            self.client.input("too late")
            self.assert_ok(self.ended(self.send("1")))

    def test_each_shell_asks_for_itself(self):
        side = self.subshell()
        requests = {shell: self.send("var s string\nfmt.Scan(&s)\ns", shell, allow_stdin=True) for shell in (None, side)}
        for _ in requests:
            question = self.client.get_stdin_msg(timeout=30)
            shell = question["parent_header"]["subshell_id"]
            answer = self.client.session.msg("input_reply", {"value": f"for {shell}".replace(" ", "-")}, parent=question)
            self.client.stdin_channel.send(answer)
        for shell, request in requests.items():
            self.assertEqual(self.assert_ok(self.ended(request)).text, f"for-{shell}")


class Late(ShellTest):
    def test_goroutines_print_under_their_cell(self):
        first = self.send('gate := make(chan bool)\ngo func() {\n\tfor range gate {\n\t\tfmt.Println("late")\n'
                          '\t\tfmt.Fprintln(os.Stdout, "file")\n\t\tlog.Println("log")\n\t\tdisplay.Show("shown")\n\t}\n}()')
        self.assert_ok(self.ended(first))
        for _ in range(3):
            second = self.send('gate <- true\nfmt.Println("mine")')
            self.assertEqual(self.assert_ok(self.ended(second)).stream(), "mine\n")
        self.collect(lambda: sum(m["msg_type"] == "display_data" for m in self.published[first]) == 3)
        text = self.printed(first)
        self.assertEqual([text.count(word) for word in ("late\n", "file\n", "log\n")], [3, 3, 3])
        self.ended(self.send("close(gate)"))


class Displays(ShellTest):
    def test_update_and_clear(self):
        cell = self.assert_ok(self.run_cell('h := display.Show("before")\nh.Update("after")\ndisplay.Clear(true)\n7'))
        shown, = cell.of_type("display_data")
        update, = cell.of_type("update_display_data")
        self.assertTrue(shown["transient"]["display_id"])
        self.assertEqual(shown["transient"], update["transient"])
        self.assertEqual(update["data"]["text/plain"], "after")
        self.assertEqual(cell.of_type("clear_output"), [{"wait": True}])
        other = self.assert_ok(self.run_cell('h.Update("later")'))
        self.assertEqual(other.of_type("update_display_data")[0]["transient"], shown["transient"])

    def test_flags(self):
        count = self.run_cell("1").reply["execution_count"]
        quiet = self.ended(self.send("quiet := 3\nfmt.Println(quiet)\nquiet", silent=True, store_history=False))
        self.assertEqual((quiet.status, quiet.messages), ("ok", []))
        aside = self.ended(self.send("quiet", store_history=False))
        self.assertEqual((aside.text, aside.reply["execution_count"]), ("3", count))
        asked = self.ended(self.send("", silent=True, store_history=False, user_expressions={"good": "quiet * 2", "bad": "nothing"}))
        values = asked.reply["user_expressions"]
        self.assertEqual(values["good"]["data"]["text/plain"], "6")
        self.assertEqual((values["bad"]["status"], values["bad"]["ename"]), ("error", "compile error"))
        self.assertEqual(self.run_cell("2").reply["execution_count"], count + 1)

    def test_stop_on_error_false(self):
        requests = [self.send('panic("p")', stop_on_error=False), self.send("1")]
        self.assertEqual([self.ended(r).status for r in requests], ["error", "ok"])


class Comms(ShellTest):
    def talk(self, kind, content, subshell=None, buffers=None):
        """Sends a message of a comm and returns what comes of it."""
        message = self.client.session.msg("comm_" + kind, content)
        message["header"]["subshell_id"] = subshell
        self.client.session.send(self.client.shell_channel.socket, message, buffers=buffers)
        request = message["header"]["msg_id"]
        self.collect(lambda: any(m["content"].get("execution_state") == "idle" for m in self.published.get(request, [])))
        return [m for m in self.published[request] if m["msg_type"] != "status"]

    def open_comms(self):
        self.client.comm_info()
        return self.client.get_shell_msg(timeout=30)["content"]["comms"]

    def test_a_cell_opens_a_comm(self):
        cell = self.assert_ok(self.run_cell(
            'c := display.OpenComm("panel", display.CommMessage{Data: map[string]any{"x": 1}, Metadata: map[string]any{"version": "2.1.0"}})\n'
            'sum := 0.0\nc.OnMessage(func(m display.CommMessage) {\n'
            '\tsum += m.Data.(map[string]any)["add"].(float64)\n\tfmt.Println("sum", sum)\n'
            '\tc.Send(display.CommMessage{Data: sum, Buffers: m.Buffers})\n})\nc.ID'))
        opened, = cell.of_type("comm_open")
        self.assertEqual(opened, {"comm_id": cell.text, "target_name": "panel", "data": {"x": 1}})
        self.assertEqual(self.open_comms()[cell.text], {"target_name": "panel"})
        for n, total in ((3, 3), (4, 7)):
            printed, answer = self.talk("msg", {"comm_id": cell.text, "data": {"add": n}}, buffers=[bytes([n])])
            self.assertEqual(printed["content"]["text"], f"sum {total}\n")
            self.assertEqual((answer["msg_type"], answer["content"]), ("comm_msg", {"comm_id": cell.text, "data": total}))
            self.assertEqual([bytes(b) for b in answer["buffers"]], [bytes([n])])
        self.assertEqual(self.run_cell("sum").text, "7")
        self.talk("close", {"comm_id": cell.text, "data": {}})
        self.assertNotIn(cell.text, self.open_comms())

    def test_a_client_opens_a_comm(self):
        refused, = self.talk("open", {"comm_id": "r", "target_name": "nobody", "data": {}})
        self.assertEqual((refused["msg_type"], refused["content"]["comm_id"]), ("comm_close", "r"))
        self.assert_ok(self.run_cell(
            'display.OnComm("cell", func(c *display.Comm, m display.CommMessage) {\n'
            '\tc.Send(display.CommMessage{Data: fmt.Sprint("hello ", m.Data)})\n'
            '\tc.OnMessage(func(m display.CommMessage) { panic(fmt.Sprint("refuse ", m.Data)) })\n})'))
        hello, = self.talk("open", {"comm_id": "o", "target_name": "cell", "data": "you"})
        self.assertEqual((hello["msg_type"], hello["content"]), ("comm_msg", {"comm_id": "o", "data": "hello you"}))
        failure, = self.talk("msg", {"comm_id": "o", "data": "this"})
        self.assertEqual(failure["content"]["name"], "stderr")
        self.assertIn("refuse this", failure["content"]["text"])
        self.assert_works()

    def test_a_subshell_serves_comms_while_a_cell_is_busy(self):
        side = self.subshell()
        self.assert_ok(self.run_cell(
            'import "sync/atomic"\nvar rate atomic.Int64\n'
            'display.OnComm("slider", func(c *display.Comm, m display.CommMessage) { rate.Store(int64(m.Data.(float64))) })'))
        busy = self.send('fmt.Println("begun")\nfor rate.Load() == 0 {\n}\nrate.Load()')
        self.begun(busy)
        self.assertEqual(self.talk("open", {"comm_id": "s", "target_name": "slider", "data": 9}, side), [])
        self.assertEqual(self.assert_ok(self.ended(busy)).text, "9")
