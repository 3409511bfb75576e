package kernel

// What the protocol has and this kernel does not, so that nobody looks for it:
//
//   - debug_request and the debugger (kernel_info says debugger: false)
//   - Windows events for interrupts; interrupt_mode must be "message" there
//
// A request of an unknown type ending in "_request" gets an error reply; other
// unknown messages get none. Both are framed by busy and idle.
