package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// ErrBudget is wrapped by the error for a row when too many before it were left out.
var ErrBudget = fmt.Errorf("too many rows are bad")

// budget is what a step has left out of the rows that the task took lately.
type budget struct {
	block int64 // of plan.BudgetRows records
	out   int   // in it
}

// spend counts a row that the step leaves out. The error says that these are
// too many for the step's policy: then the program is wrong, and not the rows.
func (t *Task) spend(s *plan.Step) error {
	if s.Policy.Budget == plan.NoBudget {
		return nil
	}
	b, at := t.budgets[s.ID], t.taken/plan.BudgetRows
	if b == nil || b.block != at {
		b = &budget{block: at}
		t.budgets[s.ID] = b
	}
	if b.out++; b.out > s.Policy.Budget {
		return fmt.Errorf("%w: %d of the last %d at most, want no more than %d of %d; if that is meant, OnError(..., Budget(\"off\"))", ErrBudget, b.out, plan.BudgetRows, s.Policy.Budget, plan.BudgetRows)
	}
	return nil
}
