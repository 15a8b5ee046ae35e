package interp

import "testing"

// TestFunctionsOfALoop makes functions of one literal again and again, while those it made before end.
func TestFunctionsOfALoop(t *testing.T) {
	runSteps(t, []step{
		{"import (\"fmt\"; \"sync\")\nlast := func() int { return -1 }\nuse := func(f func() int, before int) int { last = f; return f()*10 + before }", ""},
		{"for i := range 3 { fmt.Println(use(func() int { return i }, last())) }", "-1\n10\n21\n"},
		{"func all() (out []int) {\n\tfor i := 5; i < 8; i++ {\n\t\tout = append(out, use(func() int { return i }, last()))\n\t}\n\treturn out\n}\nall()[2]", "= 76 (int)\n"},
		{`func parallel() int {
	var wait sync.WaitGroup
	totals := make([]int, 8)
	for i := range totals {
		wait.Go(func() { totals[i] = i })
	}
	wait.Wait()
	sum := 0
	for _, v := range totals {
		sum += v
	}
	return sum
}
wrong := 0
for range 1000 {
	if parallel() != 28 {
		wrong++
	}
}
wrong`, "= 0 (int)\n"},
	})
}

// TestValuesMadeInConditions makes values on the left of && and ||.
func TestValuesMadeInConditions(t *testing.T) {
	runSteps(t, []step{
		{"a, z := 100, 0", ""},
		{"(a == map[string]int{\"a\": z}[\"a\"]) || false", "= false (bool)\n"},
		{"!(a < map[string]int{\"a\": z}[\"\"]) && a == 100", "= true (bool)\n"},
		{"f := func(n int) bool { return []int{1, n}[1] > 2 && n < 9 || n == 0 }\nf(3)", "= true (bool)\n"},
	})
}
