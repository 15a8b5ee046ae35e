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

// root is the folder of kernels that the options name. They must name exactly one: a kernel that lands in another
// Python environment than the one that Jupyter runs in is not found, and nobody sees why.
func root(ctx context.Context, name string, args []string) (string, error) {
	f := flags(name)
	user := f.Bool("user", false, "for this user: every Jupyter that the user starts finds it")
	sys := f.Bool("sys-prefix", false, "for the Python environment that is active here")
	prefix := f.String("prefix", "", "for the Python environment in `DIR`, such as .venv")
	if err := parse(f, args); err != nil {
		return "", err
	}
	var named []string
	f.Visit(func(f *flag.Flag) { named = append(named, "--"+f.Name) })
	switch {
	case len(named) == 0:
		return "", &usageError{name, errors.New("does not say where: give --user for every Jupyter of this user, --sys-prefix for the Python environment that is active here, or --prefix DIR for the one in DIR")}
	case len(named) > 1:
		return "", &usageError{name, fmt.Errorf("names %d places (%s), want one", len(named), strings.Join(named, ", "))}
	case *user:
		return install.User()
	case *sys:
		return install.SysPrefix(ctx)
	case *prefix == "":
		return "", &usageError{name, fmt.Errorf("%s names no place", named[0])}
	}
	return install.Prefix(*prefix), nil
}

func installKernel(ctx context.Context, args []string) error {
	dir, err := root(ctx, "install", args)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	at, err := install.Write(dir, install.Spec{Executable: self})
	if err != nil {
		return err
	}
	fmt.Println("installed the kernel Riffle (Go) in " + at)
	return nil
}

func uninstallKernel(ctx context.Context, args []string) error {
	dir, err := root(ctx, "uninstall", args)
	if err != nil {
		return err
	}
	at, err := install.Remove(dir)
	if err != nil {
		return err
	}
	fmt.Println("removed " + at)
	return nil
}
