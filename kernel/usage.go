package kernel

import (
	"context"
	"os"
	"runtime"
	"sync"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/mem"
	"github.com/shirou/gopsutil/v4/process"

	"github.com/gocrate/gocrate/kernel/wire"
)

// usage measures the kernel and all processes that it has started. Shares of
// processors are those since the question before, so processes are remembered.
type usage struct {
	mu        sync.Mutex
	processes map[int32]*process.Process
}

// usageInfo answers usage_request, which JupyterLab's kernel panel asks. What
// the system does not tell is left out.
func (k *Kernel) usageInfo(ctx context.Context, _ *request) (any, error) {
	reply := wire.UsageReply{Status: "ok", PID: os.Getpid(), CPUCount: runtime.NumCPU()}
	reply.Hostname, _ = os.Hostname()
	reply.KernelCPU, reply.KernelMemory = k.usage.measure(ctx)
	if shares, err := cpu.PercentWithContext(ctx, 0, false); err == nil && len(shares) == 1 {
		reply.HostCPU = shares[0]
	}
	if m, err := mem.VirtualMemoryWithContext(ctx); err == nil {
		reply.HostMemory = &wire.HostMemory{Total: m.Total, Available: m.Available, Percent: m.UsedPercent, Used: m.Used, Free: m.Free}
	}
	return reply, nil
}

// measure returns the share of one processor, in per cent, and the bytes of
// resident memory, summed over the kernel's processes.
func (u *usage) measure(ctx context.Context) (share float64, memory uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	known := u.processes
	u.processes = make(map[int32]*process.Process)
	for _, p := range family(ctx) {
		if older := known[p.Pid]; older != nil {
			p = older
		}
		u.processes[p.Pid] = p
		if s, err := p.PercentWithContext(ctx, 0); err == nil {
			share += s
		}
		if m, err := p.MemoryInfoWithContext(ctx); err == nil {
			memory += m.RSS
		}
	}
	return share, memory
}

// family returns this process and its descendants.
func family(ctx context.Context) []*process.Process {
	self, err := process.NewProcessWithContext(ctx, int32(os.Getpid()))
	if err != nil {
		return nil
	}
	all := []*process.Process{self}
	for i := 0; i < len(all); i++ {
		children, _ := all[i].ChildrenWithContext(ctx) // an error means that there are none
		all = append(all, children...)
	}
	return all
}
