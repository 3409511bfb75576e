"""Ways onto the wire that are not the usual ones: encrypted, and by handshake."""

import hashlib
import hmac
import json
import pathlib
import subprocess
import tempfile
import unittest

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from session import KERNEL, KernelTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTS = ("shell_port", "control_port", "stdin_port", "iopub_port", "hb_port")


class Encrypted(KernelTest):
    """CURVE, as jupyter_client asks for it."""

    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name=KERNEL, transport_encryption="required")
        cls.manager.start_kernel()
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=30)

    def test_it_is_encrypted(self):
        self.assertTrue(self.manager.curve_publickey)
        self.assert_works()

    def test_long_and_many_messages(self):
        cell = self.assert_ok(self.run_cell('for i := 0; i < 2000; i++ {\n\tfmt.Println(i)\n}\nstrings.Repeat("ε", 1<<20)'))
        self.assertEqual(cell.stream().split(), [str(i) for i in range(2000)])
        self.assertGreater(len(self.run_cell(f'len("{"x" * 300_000}")').text), 5)

    def test_control_and_heartbeat(self):
        self.assertTrue(self.client.hb_channel.is_beating())
        self.client.control_channel.send(self.client.session.msg("kernel_info_request"))
        self.assertEqual(self.client.get_control_msg(timeout=10)["content"]["status"], "ok")

    def test_plain_clients_are_not_served(self):
        self.assert_not_served()

    def test_clients_that_know_another_key_are_not_served(self):
        other, _ = zmq.curve_keypair()
        self.assert_not_served(curve_serverkey=other)

    def assert_not_served(self, **options):
        with zmq.Context() as context, context.socket(zmq.DEALER) as s:
            s.linger = 0
            if options:
                s.curve_publickey, s.curve_secretkey = zmq.curve_keypair()
            for name, value in options.items():
                setattr(s, name, value)
            monitor = s.get_monitor_socket()
            s.connect(f"tcp://{self.client.ip}:{self.client.shell_port}")
            s.send_multipart(self.client.session.serialize(self.client.session.msg("kernel_info_request")))
            self.assertTrue(disconnected(monitor), "the kernel kept the connection")
            self.assertFalse(s.poll(0), "the kernel answered")
            s.disable_monitor()
            monitor.close()
        self.assert_works()


def disconnected(monitor):
    """Waits until the kernel has hung up."""
    from zmq.utils.monitor import recv_monitor_message

    while monitor.poll(10_000):
        event = recv_monitor_message(monitor)["event"]
        if event & (zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL):
            return True
    return False


class Handshake(unittest.TestCase):
    """A launcher that lets the kernel choose its ports (JEP 66)."""

    key = b"a secret of this test"

    def sign(self, text):
        return hmac.new(self.key, text, hashlib.sha256).hexdigest().encode()

    def start(self, directory, socket):
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        file = pathlib.Path(directory, "registration.json")
        file.write_text(json.dumps({
            "transport": "tcp", "ip": "127.0.0.1", "registration_ip": "127.0.0.1", "registration_port": port,
            "kernel_id": "k-1", "key": self.key.decode(), "signature_scheme": "hmac-sha256"}))
        return subprocess.Popen([ROOT / "bin" / "gocrate", "kernel", "--connection-file", file], stderr=subprocess.PIPE)

    def receive(self, socket):
        self.assertTrue(socket.poll(30_000), "the kernel has not registered")
        identity, delimiter, signature, body = socket.recv_multipart()
        self.assertEqual((delimiter, signature), (b"<IDS|MSG>", self.sign(body)))
        return identity, json.loads(body)

    def test_ports_are_told_and_work(self):
        with tempfile.TemporaryDirectory() as d, zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
            process = self.start(d, socket)
            identity, told = self.receive(socket)
            socket.send_multipart([identity, b"<IDS|MSG>", self.sign(b"ACK"), b"ACK"])
            self.assertEqual(set(told), {"kernel_id", *PORTS})
            self.assertEqual(told["kernel_id"], "k-1")
            client = BlockingKernelClient()
            client.load_connection_info({"transport": "tcp", "ip": "127.0.0.1", "key": self.key, "signature_scheme": "hmac-sha256",
                                         **{p: int(told[p]) for p in PORTS}})
            client.start_channels()
            try:
                client.wait_for_ready(timeout=30)
                left = json.loads(pathlib.Path(d, "kernel-k-1.json").read_text())
                self.assertEqual({p: left[p] for p in PORTS}, {p: int(told[p]) for p in PORTS})
                client.shutdown()
                process.wait(timeout=10)
            finally:
                client.stop_channels()
                process.kill()
                process.stderr.close()
            self.assertFalse(pathlib.Path(d, "kernel-k-1.json").exists())

    def test_a_forged_acknowledgement_ends_the_kernel(self):
        with tempfile.TemporaryDirectory() as d, zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
            process = self.start(d, socket)
            identity, _ = self.receive(socket)
            socket.send_multipart([identity, b"<IDS|MSG>", b"0" * 64, b"ACK"])
            _, stderr = process.communicate(timeout=15)
            self.assertEqual(process.returncode, 1)
            self.assertIn(b"not acknowledged", stderr)
