package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	sources "github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/install"
)

// doctor looks for what the kernel needs of the machine.
func doctor(ctx context.Context, args []string) error {
	if err := parse(flags("doctor"), args); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	found := append(workshopFindings(ctx), install.Jupyter(ctx, self)...)
	found = append(found, cacheFinding(), kafkaFinding(ctx))
	tell(os.Stdout, found)
	missing := 0
	for _, f := range found {
		if f.State == install.Missing {
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("doctor: %d of %d are missing, see above", missing, len(found))
	}
	return nil
}

func tell(w io.Writer, found []install.Finding) {
	for _, f := range found {
		fmt.Fprintf(w, "%-8s %-15s %s\n", f.State, f.About, f.Seen)
		if f.Do != "" {
			fmt.Fprintf(w, "%24s -> %s\n", "", f.Do)
		}
	}
}

// workshopFindings are about what Live and Export need: a Go toolchain, libraries, and a compiled engine.
func workshopFindings(ctx context.Context) []install.Finding {
	const about = "go"
	var ready export.Readiness
	workshop, err := export.Open(sources.Sources, "")
	if err == nil {
		ready, err = workshop.Readiness(ctx)
	}
	switch {
	case errors.Is(err, export.ErrToolchain):
		_, seen, _ := strings.Cut(err.Error(), export.ErrToolchain.Error()+": ")
		return []install.Finding{{About: about, State: install.Missing, Seen: seen, Do: "cells run without it, Live and Export do not"}}
	case err != nil:
		return []install.Finding{{About: about, State: install.Missing, Seen: err.Error(), Do: "build riffle anew, with make build"}}
	}
	return []install.Finding{
		{About: about, State: install.OK, Seen: ready.Version + ", " + ready.Go + "; no C compiler is needed"},
		once("libraries", ready.Libraries, "gathered: builds need no network", "not gathered yet: the first Live takes them from the module cache, or from the module proxy (go env GOPROXY)"),
		once("engine", ready.Warm, "compiled: the first Live is as quick as later ones", "not compiled yet: a kernel does it in the background, within a minute or two; a Live before that waits"),
	}
}

// once is a finding about what is done once and by itself.
func once(about string, done bool, is, isNot string) install.Finding {
	if done {
		return install.Finding{About: about, State: install.OK, Seen: is}
	}
	return install.Finding{About: about, State: install.Note, Seen: isNot}
}

func cacheFinding() install.Finding {
	f := install.Finding{About: "cache folder", State: install.OK}
	dir, err := os.UserCacheDir()
	if err == nil {
		f.Seen, err = dir, install.Writable(dir)
	}
	if err != nil {
		f.State, f.Seen, f.Do = install.Missing, err.Error(), "make the folder yours, or name another in XDG_CACHE_HOME"
	}
	return f
}

// kafkaFinding is about the Kafka that the environment names, else about the embedded broker.
func kafkaFinding(ctx context.Context) install.Finding {
	f := install.Finding{About: "kafka", State: install.OK}
	c, err := cluster.FromEnv()
	if err != nil {
		return install.Finding{About: f.About, State: install.Missing, Seen: err.Error(), Do: "mend the environment that Jupyter is started in"}
	}
	if len(c.Brokers) > 0 {
		f.Seen = strings.Join(c.Brokers, ",") + " answers, from " + cluster.EnvBrokers
		client, err := c.Connect(ctx)
		if err != nil {
			f.State, f.Seen, f.Do = install.Missing, err.Error(), "start it, or mend "+cluster.EnvBrokers
			return f
		}
		client.Close()
		return f
	}
	a, err := embedded.Find(ctx)
	switch {
	case err == nil:
		f.Seen = fmt.Sprintf("the embedded broker runs at %s, process %d", a.Addr, a.PID)
	case errors.Is(err, embedded.ErrNotRunning):
		f.Seen = "no " + cluster.EnvBrokers + "; the embedded broker starts when a notebook asks for a topic"
	default:
		f.State, f.Seen, f.Do = install.Missing, err.Error(), "mend the folder, or set "+cluster.EnvBrokers
	}
	return f
}
