package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/riffle-stream/riffle/install"
)

// chosen is the place that the options name. They must name exactly one: a kernel that lands in another Python
// environment than the one that Jupyter runs in is not found, and nobody sees why.
func chosen(ctx context.Context, f *flag.FlagSet, args []string) (install.Place, error) {
	user := f.Bool("user", false, "for this user: every Jupyter that the user starts finds it")
	sys := f.Bool("sys-prefix", false, "for the Python environment that is active here")
	prefix := f.String("prefix", "", "for the Python environment in `DIR`, such as .venv")
	if err := parse(f, args); err != nil {
		return install.Place{}, err
	}
	var named []string
	f.Visit(func(o *flag.Flag) {
		if o.Name != papermill {
			named = append(named, "--"+o.Name)
		}
	})
	switch {
	case len(named) == 0:
		return install.Place{}, &usageError{f.Name(), errors.New("does not say where: give --user for every Jupyter of this user, --sys-prefix for the Python environment that is active here, or --prefix DIR for the one in DIR")}
	case len(named) > 1:
		return install.Place{}, &usageError{f.Name(), fmt.Errorf("names %d places (%s), want one", len(named), strings.Join(named, ", "))}
	case *user:
		return install.User()
	case *sys:
		return install.SysPrefix(ctx)
	case *prefix == "":
		return install.Place{}, &usageError{f.Name(), fmt.Errorf("%s names no place", named[0])}
	}
	return install.Prefix(*prefix), nil
}

// papermill is the option that says what to install beside the kernel.
const papermill = "papermill"

func installKernel(ctx context.Context, args []string) error {
	f := flags("install")
	teach := f.Bool(papermill, false, "also teach the papermill of that place to write parameters in Go")
	to, err := chosen(ctx, f, args)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	at, err := install.Write(to.Kernels, install.Spec{Executable: self})
	if err != nil {
		return err
	}
	fmt.Println("installed the kernel Riffle (Go) in " + at)
	if !*teach {
		return nil
	}
	sites, err := install.Papermill(to.Python)
	for _, site := range sites {
		fmt.Println("taught papermill to write parameters in Go, in " + site)
	}
	return err
}

func uninstallKernel(ctx context.Context, args []string) error {
	from, err := chosen(ctx, flags("uninstall"), args)
	if err != nil {
		return err
	}
	at, err := install.Remove(from.Kernels)
	if err != nil {
		return err
	}
	fmt.Println("removed " + at)
	return install.ForgetPapermill(from.Python)
}
