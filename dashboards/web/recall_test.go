package web

import (
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

func TestAnswersAreKeptForALittleWhile(t *testing.T) {
	answers := expirable.NewLRU[string, any](10, nil, 50*time.Millisecond)
	asked := 0
	get := func() ([]int, error) { asked++; return []int{1, 2, asked}, nil }
	first, err := recall(answers, "a", get)
	if err != nil {
		t.Fatal(err)
	}
	first[0] = 9 // the caller may sort its list
	if again, err := recall(answers, "a", get); err != nil || asked != 1 || again[0] != 1 || again[2] != 1 {
		t.Errorf("asked %d times, got %v, %v", asked, again, err)
	}
	if other, err := recall(answers, "b", get); err != nil || other[2] != 2 {
		t.Errorf("another question got %v, %v", other, err)
	}
	if _, err := recall(answers, "c", func() ([]int, error) { return nil, errors.New("away") }); err == nil {
		t.Error("an error was lost")
	}
	if list, err := recall(answers, "c", get); err != nil || len(list) != 3 {
		t.Errorf("an error was kept: %v, %v", list, err)
	}
	for range 100 {
		if list, err := recall(answers, "a", get); err == nil && list[2] > 2 {
			return // the old answer is forgotten
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("an answer is kept for ever")
}
