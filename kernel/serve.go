package kernel

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// Options are the choices of a kernel; the zero value is useful.
type Options struct {
	Info     Info
	History  string       // file that keeps the history of all sessions; empty: memory only
	Insecure bool         // accept a connection file without a key: whoever can connect can then run code
	Log      *slog.Logger // nil discards
}

func (o Options) logger() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

// Serve is a whole kernel: it listens where the connection file says and returns nil after a client's
// shutdown request, SIGTERM, the end of ctx, or the end of the Jupyter server that started it. SIGINT
// interrupts the running cell. The evaluator is the caller's to close.
func Serve(ctx context.Context, connectionFile string, eval Evaluator, opt Options) error {
	c, err := ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	if c.Key == "" && !opt.Insecure {
		return errNoKey(connectionFile)
	}
	log := opt.logger()
	if !c.private() {
		log.Warn("other machines can reach this kernel; outputs are not encrypted", "ip", c.IP)
	}
	past, err := openHistory(opt.History)
	if err != nil {
		log.Warn("history is kept in memory only", "error", err)
	}
	defer past.close()
	codec := wire.NewCodec([]byte(c.Key))
	ch, err := listen(ctx, c, codec, log)
	if err != nil {
		return err
	}
	k := newKernel(ch, codec, eval, opt)
	k.history = past
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer k.hearSignals(cancel)()
	go watchParent(ctx, os.Getenv("JPY_PARENT_PID"), cancel)
	k.run(ctx)
	return nil
}

// hearSignals makes SIGINT an interrupt, harmless between cells, and SIGTERM the end.
func (k *kernel) hearSignals(end func()) (stop func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				if s == os.Interrupt {
					k.stopCell()
				} else {
					end()
				}
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

// watchParent ends the kernel when the process that started it is gone without a word. pid is what the
// Jupyter client says its own is; if our parent is another (a launcher), nothing is known and nothing done.
func watchParent(ctx context.Context, pid string, end func()) {
	parent, err := strconv.Atoi(pid)
	if err != nil || parent != os.Getppid() {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for os.Getppid() == parent {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
	end()
}
