//go:build unix

package pipe

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the process the leader of a new group: an interrupt typed into a terminal goes to the
// front alone, and the group can be ended as one.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// endGroup kills the group that pid leads, if any of it is left.
func endGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }

// endOwnGroup kills the group of this process, itself included, if it leads one.
func endOwnGroup() {
	if syscall.Getpgrp() == os.Getpid() {
		endGroup(os.Getpid())
	}
}
