package ingest_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every test that the delivery contract names exists.
func TestContractNamesRealTests(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range []string{"delivery_test.go", "model_test.go", "erase_test.go", "swap_test.go"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(b)
	}
	names := regexp.MustCompile(`Test\w+`).FindAllString(string(doc), -1)
	if len(names) < 15 {
		t.Errorf("the contract names only %d tests", len(names))
	}
	for _, n := range names {
		if !strings.Contains(code.String(), "func "+n+"(") {
			t.Errorf("the contract names %s, which does not exist", n)
		}
	}
}
