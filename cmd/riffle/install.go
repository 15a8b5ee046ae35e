package main

import (
	"context"
	"fmt"
	"os"

	"github.com/riffle-stream/riffle/install"
)

// root is the folder of kernels that the options name.
func root(ctx context.Context, name string, args []string) (string, error) {
	f := flags(name)
	user := f.Bool("user", false, "for this user (the default)")
	sys := f.Bool("sys-prefix", false, "for the Python environment that runs jupyter here")
	prefix := f.String("prefix", "", "for the Python environment in `DIR`")
	if err := f.Parse(args); err != nil {
		return "", err
	}
	switch {
	case *prefix != "":
		return install.Prefix(*prefix), nil
	case *sys:
		return install.SysPrefix(ctx)
	}
	_ = user
	return install.User()
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
