package stream

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// describe prints what a program computes and what it needs on the cluster.
// Numbers of partitions are not looked up: it works without a broker.
func describe(w io.Writer, p Program, bound *plan.Plan, hash string, cfg Config) error {
	cfg, err := cfg.filled()
	if err != nil {
		return err
	}
	topics := map[string]int{}
	for _, src := range bound.Sources() {
		topics[src.Op.(*plan.Source).Topic] = max(1, src.Op.(*plan.Source).Facts.Partitions)
	}
	topo := exec.Cut(bound)
	topo.Formats.Known = p.Formats
	l, err := newLayout(topo, cfg.Group, topics)
	if err != nil {
		return err
	}
	if err := l.keep(nil); err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "program\t%s\nplan\t%s\ncode\t%s\ngroup\t%s\n\n%s\n", p.Name, hash, p.Code, cfg.Group, bound.Text())
	fmt.Fprintf(out, "topic\tuse\trights\n")
	for _, src := range bound.Sources() {
		fmt.Fprintf(out, "%s\tread\tREAD DESCRIBE\n", src.Op.(*plan.Source).Topic)
	}
	for _, o := range l.own() {
		rights := "READ WRITE DESCRIBE CREATE"
		use := "own, " + o.config["cleanup.policy"]
		switch {
		case !o.strict:
			use, rights = "written, made if it is not there", "WRITE DESCRIBE CREATE"
		case o.config["cleanup.policy"] == "delete":
			rights += " DELETE"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", o.name, use, rights)
	}
	fmt.Fprintf(out, "\ngroup %s\tjoined\tREAD DESCRIBE\n", cfg.Group)
	fmt.Fprintf(out, "transactional ids %s-*\tused\tWRITE DESCRIBE\n", cfg.Group)
	head := "\nstep that keeps state\tdoes\n"
	for _, p := range l.parts {
		for _, k := range p.kept {
			fmt.Fprintf(out, "%s%s\t%s\n", head, k.ID, k.Step.Op.Text())
			head = ""
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	return nil
}

// title is the first line of a longer text.
func title(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}
